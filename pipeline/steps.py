"""How a long run tells where it is."""


class Steps:
    """Told of each step and each unit done; this one tells nobody."""

    def begin(self, name: str, total: int = 0) -> None:
        """A step begins, of so many units (0: unknown)."""

    def advance(self, count: int = 1) -> None:
        """So many units of the step are done."""


SILENT = Steps()
