"""``%%sql`` and ``%sql``. Light: what runs SQL is imported with the first cell that has some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class, no_var_expand
from IPython.display import publish_display_data

from .completion import Completer

if TYPE_CHECKING:
    from ..sql.asking import Asked, Asker
    from ..sql.options import Options


@magics_class
class Sql(Magics):
    """SQL on the sources of the configuration."""

    _asker: Asker | None = None

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        self.completer = Completer(self._is_ours, lambda: self._asker.last if self._asker else None)

    def _is_ours(self) -> bool:
        """Whether no extension that was loaded later took the name."""
        assert self.shell is not None
        return getattr(self.shell.find_cell_magic("sql"), "__self__", None) is self

    @line_cell_magic
    @no_var_expand
    def sql(self, line: str, cell: str | None = None) -> Any:
        """Runs SQL on a source, and gives a DataFrame.

        ``%%sql [VARIABLE] [--source NAME] [--preview] [--limit N] [--cache[=TIME]] [--refresh] [--quiet]
        [--engine pandas|arrow|polars]``, then the statement. ``{{expression}}`` binds a value of Python.
        """
        try:
            from ..sql.asking import Asker
            from ..sql.options import parse
        except ImportError as error:
            raise UsageError(
                f"%%sql needs packages that this kernel has not ({error.name}): pip install 'lakeside[sql]'"
            ) from None
        options, rest = parse(line)
        sql = rest if cell is None else f"{rest}\n{cell}" if rest else cell
        if self._asker is None:
            self._asker = Asker()
        if options.lists_sources or not sql.strip():
            return self._without_statement(self._asker, options)
        asked = self._asker.ask(sql, options, self._evaluate)
        if asked.changes:
            self.completer.forget(asked.source.id)
        return self._show(asked, options, is_line=cell is None)

    def _without_statement(self, asker: Asker, options: Options) -> None:
        from ..sources import all_sources

        if options.address is not None or options.source is not None:
            source, tells = asker.source(options)
            print(f"{source.id} ({source.kind})")
            self._warn(tells)
            return
        for source in all_sources().values():
            print(f"{source.id} ({source.kind})")

    def _evaluate(self, expression: str) -> Any:
        assert self.shell is not None
        code = compile(expression, "<value>", "eval")
        # The notebook's own code, in the notebook's own kernel.
        return eval(code, self.shell.user_global_ns, self.shell.user_ns)  # noqa: S307

    def _show(self, asked: Asked, options: Options, is_line: bool) -> Any:
        from ..sql.asking import sentence
        from ..sql.frames import checked_engine, frame

        answer, said = asked.answer, sentence(asked, options)
        self._warn(asked.tells_password)
        if not options.quiet:
            for note in answer.notes:
                print(note)
        if answer.table is None:
            if not options.quiet:
                print(said)
            return None
        if options.variable or is_line:
            given = frame(answer, checked_engine(options.engine))
            if not options.variable:
                return given
            assert self.shell is not None
            self.shell.user_ns[options.variable] = given
            if not options.quiet:
                print(said)
            return None
        if not options.quiet:
            from ..sql.grid import html

            plain = f"{said}\n{_plain(answer.table)}"
            publish_display_data({"text/html": html(answer.table, said, "rows"), "text/plain": plain})
        return None

    @staticmethod
    def _warn(tells_password: bool) -> None:
        if tells_password:
            print(
                "The password stands in this notebook. Put the source into the configuration, with its password by "
                "reference, and write --source NAME: docs/users/sql.md."
            )


def _plain(table: Any) -> str:
    from ..sql.frames import to_pandas

    return str(to_pandas(table.slice(0, 20)).to_string(max_cols=12, max_rows=20))
