"""Asking the merchant for a yes at the terminal."""


def said_yes(question: str) -> bool:
    """Ask; where there is nobody to answer it is a no, and the way to agree beforehand is said."""
    try:
        is_yes = input(f"  {question} [y/N] ").strip().lower() == "y"
    except EOFError:
        print("\n  nothing was done; --yes agrees beforehand")
        return False
    if not is_yes:
        print("  nothing was done")
    return is_yes
