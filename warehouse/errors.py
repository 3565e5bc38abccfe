"""
The exception tree of the store and the warehouse.

    WarehouseError
    ├── StoreVersionError     the store was written by a newer program
    ├── NotPublishedError     a question was asked before anything was published
    ├── CheckFailedError      a check found wrong rows; nothing was published
    ├── UnknownNameError      a role, country, source or column that the warehouse doesn't hold
    └── QueryError            the user's SQL was refused or failed
"""


class WarehouseError(Exception):
    """Anything that a user of the store or the warehouse can act on."""


class StoreVersionError(WarehouseError):
    """The store was written by a newer program."""


class NotPublishedError(WarehouseError):
    """A question was asked before anything was published."""


class CheckFailedError(WarehouseError):
    """A check found wrong rows; nothing was published."""


class UnknownNameError(WarehouseError):
    """A role, country, source or column that the warehouse doesn't hold."""


class QueryError(WarehouseError):
    """The user's SQL was refused or failed."""
