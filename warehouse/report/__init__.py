"""The report: the published figures as pages that a writer opens in the morning."""

from warehouse.report.site import publish_report, write_report

__all__ = ["publish_report", "write_report"]
