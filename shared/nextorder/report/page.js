// Lets the pictures answer the pointer. They are there before: should this fail, nothing is missing.
const packed = atob(document.getElementById("drawings").textContent);
const bytes = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
const drawings = await new Response(unpacked).json();
const isNarrow = matchMedia("(max-width: 640px)");
const options = {
  mode: "vega-lite",
  renderer: "svg",
  actions: false,
  // the page's policy lets no text be run as a program, nor styles be added
  ast: true,
  defaultStyle: false,
  tooltip: { theme: "words", disableDefaultStyle: true, offsetY: 14 },
};

async function enliven(figure) {
  const width = isNarrow.matches ? "narrow" : "wide";
  const { datasets, [width]: specification } = drawings[figure.id];
  const stage = document.createElement("div");
  await vegaEmbed(stage, { ...specification, datasets }, options);
  figure.querySelector(`.${width}`).replaceChildren(stage);
  figure.dataset.alive = width;
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      enliven(target);
    }
  },
  { rootMargin: "300px" },
);

function watch() {
  for (const key of Object.keys(drawings)) seen.observe(document.getElementById(key));
}

watch();
isNarrow.addEventListener("change", watch);
