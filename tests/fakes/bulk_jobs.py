"""Bulk jobs in memory, under the same contract tests as the real table."""

from dataclasses import dataclass, field

from nextorder.domain.changes import BulkJob


@dataclass
class InMemoryBulkJobs:
    """Bulk jobs that are under way."""

    jobs: dict[tuple[str, str], BulkJob] = field(default_factory=dict)

    def load(self, shop: str, destination: str) -> BulkJob | None:
        return self.jobs.get((shop, destination))

    def keep(self, shop: str, destination: str, job: BulkJob) -> bool:
        return self.jobs.setdefault((shop, destination), job) is job

    def drop(self, shop: str, destination: str, job: BulkJob) -> None:
        held = self.jobs.get((shop, destination))
        if held and held.name == job.name:
            del self.jobs[shop, destination]
