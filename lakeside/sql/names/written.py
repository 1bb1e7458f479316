"""Names as a statement writes them: in quotes where they need some."""

from __future__ import annotations

import re

from ...sources.record import Dialect

_PLAIN: dict[Dialect, re.Pattern[str]] = {
    "postgresql": re.compile(r"[a-z_][a-z0-9_]*"),
    "mysql": re.compile(r"[A-Za-z_][A-Za-z0-9_]*"),
    "duckdb": re.compile(r"[A-Za-z_][A-Za-z0-9_]*"),
}
#: Words that are no names somewhere. A name in quotes that needs none is right still.
_WORDS = """
    accessible add all alter analyse analyze and anti any array as asc asensitive asymmetric at authorization
    before between bigint binary blob both by call cascade case cast change char character check collate
    collation column concurrently condition constraint continue convert create cross cube cume_dist current
    current_catalog current_date current_role current_schema current_time current_timestamp current_user cursor
    database databases day_hour day_microsecond day_minute day_second dec decimal declare default deferrable
    delayed delete dense_rank desc describe deterministic distinct distinctrow div do double drop dual each else
    elseif empty enclosed end escaped except exists exit explain false fetch first_value float float4 float8 for
    force foreign freeze from full fulltext function generated get glob grant group grouping groups having
    high_priority hour_microsecond hour_minute hour_second if ignore ilike in index infile initially inner inout
    insensitive insert int int1 int2 int3 int4 int8 integer intersect interval into io_after_gtids
    io_before_gtids is isnull iterate join json_table key keys kill lag lambda last_value lateral lead leading
    leave left like limit linear lines load localtime localtimestamp lock long longblob longtext loop
    low_priority manual master_bind match maxvalue mediumblob mediumint mediumtext middleint minute_microsecond
    minute_second mod modifies natural no_write_to_binlog not notnull nth_value ntile null numeric of off offset
    on only open optimize optimizer_costs option optionally or order out outer outfile over overlaps parallel
    partition percent_rank pivot placing positional precision primary procedure purge qualify range rank read
    reads read_write real recursive references regexp release rename repeat replace require resignal restrict
    return returning revoke right rlike row rows row_number schema schemas second_microsecond select semi
    sensitive separator session_user set show signal similar smallint some spatial specific sql sqlexception
    sqlstate sqlwarning sql_big_result sql_calc_found_rows sql_small_result ssl starting stored straight_join
    summarize symmetric system system_user table tablesample terminated then tinyblob tinyint tinytext to
    trailing trigger true try_cast undo union unique unlock unpivot unsigned update usage use user using
    utc_date utc_time utc_timestamp values varbinary varchar varcharacter variadic varying verbose virtual when
    where while window with write xor year_month zerofill
"""
_RESERVED = frozenset(_WORDS.split())


def quote_of(dialect: Dialect) -> str:
    """The mark around names."""
    return "`" if dialect == "mysql" else '"'


def written(name: str, dialect: Dialect, is_open: bool = False) -> str:
    """A name as a statement writes it.

    :param is_open: whether somebody began to write it in quotes
    """
    if not is_open and _PLAIN[dialect].fullmatch(name) and name.lower() not in _RESERVED:
        return name
    mark = quote_of(dialect)
    return mark + name.replace(mark, mark * 2) + mark
