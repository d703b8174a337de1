"""Names that requests find in their namespace: datajoint as `dj`, and what DataJoint knows of tables in a plain form."""

import datetime
import decimal
import os
import uuid
from pathlib import Path

import datajoint as dj
import numpy as np

__all__ = ["dj", "np", "datetime", "decimal", "uuid", "os", "Path", "columns", "spawn", "tables", "rows"]


def columns(table):
    """The attributes of a table as DataJoint sees them, in order."""
    return [
        {
            "name": each.name,
            # The type as declared where the comment has a marker, else the database's own.
            "type": each.original_type or each.type,
            "key": each.in_key,
            "nullable": bool(each.nullable),
            "default": each.default,
            "comment": each.comment,
            "codec": each.codec.name if each.codec else None,
            "store": each.store if each.codec else None,
            "lineage": each.lineage,
        }
        for each in table().heading.attributes.values()
        if not each.is_hidden
    ]


def spawn(name):
    """The generated classes of an existing schema, by name."""
    return dj.VirtualModule(name, name, connection=dj.conn())


def tables(name):
    """Names of the tables of a schema, parents first."""
    return dj.Schema(name, create_schema=False).list_tables()


def rows(expression):
    """All rows of a table or query, in the order of its key."""
    query = expression() if isinstance(expression, type) else expression
    return query.to_dicts(order_by="KEY")
