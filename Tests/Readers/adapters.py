"""The programs that read: each is handed what `trailmill schema` printed, and asked for rows.

A row is a dictionary of all columns. What of a program's own is known here is how it is called, never how it has to
be told to read an archive."""
import contextlib
import io
import json
import math
import os
import shutil

from expected import Number


class Adapter:
    """A program. `ask(condition)` gives the rows for which a condition holds, a dictionary of column and value."""
    name = ""
    # True if its JSON reads numbers with a fraction or an exponent as doubles.
    has_doubles = True
    # True if it reads parts of zstd as they are.
    reads_zstd = True

    def count(self):
        return len(self.rows())

    def rows(self, where=None):
        raise NotImplementedError

    def known(self, value):
        """A value as the program's JSON has it, where that is another."""
        return value

    def reads(self, event):
        """False for an event of which the program reads no member."""
        return True

    def close(self):
        pass


def each(value, change):
    """A value with all numbers in it changed."""
    if isinstance(value, list):
        return [each(one, change) for one in value]
    if isinstance(value, dict):
        return {name: each(one, change) for name, one in value.items()}
    return change(value) if isinstance(value, Number) else value


def is_huge(number):
    return math.isinf(float(number))


def equals(quote, where, backslash=True):
    """A condition of SQL. `quote` is for names; `backslash` begins an escape, or a quote stands twice."""
    if not where:
        return ""
    parts = []
    for name, value in where.items():
        text = value or ""
        text = text.replace("\\", "\\\\").replace("'", "\\'") if backslash else text.replace("'", "''")
        parts.append(f"{quote}{name}{quote} " + ("IS NULL" if value is None else f"= '{text}'"))
    return " WHERE " + " AND ".join(parts)


class DuckDB(Adapter):
    name = "duckdb"

    def __init__(self):
        import duckdb
        self.version = duckdb.__version__
        self.connection = duckdb.connect()

    def open(self, text):
        self.connection.execute(text)

    def run(self, text):
        return "\n".join("\t".join(map(str, row)) for row in self.connection.execute(text).fetchall())

    def rows(self, where=None):
        found = self.connection.execute("SELECT * FROM events" + equals('"', where, backslash=False))
        names = [column[0] for column in found.description]
        return [dict(zip(names, row)) for row in found.fetchall()]

    def count(self):
        return self.connection.execute("SELECT count(*) FROM events").fetchone()[0]


class Spark(Adapter):
    name = "spark"

    def __init__(self):
        if shutil.which("java") is None:
            raise ImportError("there is no Java")
        with open(os.devnull, "w") as nothing:
            # The JVM's own words go with its standard error.
            saved = os.dup(2)
            os.dup2(nothing.fileno(), 2)
            try:
                from pyspark.sql import SparkSession
                self.session = (
                    SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
                    .config("spark.sql.shuffle.partitions", "2").config("spark.ui.showConsoleProgress", "false")
                    .config("spark.sql.session.timeZone", "UTC").getOrCreate())
                self.session.sparkContext.setLogLevel("OFF")
            finally:
                os.dup2(saved, 2)
                os.close(saved)
        self.version = self.session.version

    def statements(self, text):
        return [part for part in text.split(";\n") if part.strip()]

    def open(self, text):
        for statement in self.statements(text):
            self.session.sql(statement)

    def run(self, text):
        lines = []
        for statement in self.statements(text):
            lines += ["\t".join(map(str, row)) for row in self.session.sql(statement.rstrip().rstrip(";")).collect()]
        return "\n".join(lines)

    def rows(self, where=None):
        found = self.session.sql("SELECT * FROM events" + equals("`", where))
        return [dict(zip(found.columns, row)) for row in found.collect()]

    def count(self):
        return self.session.sql("SELECT count(*) FROM events").collect()[0][0]

    def known(self, value):
        def infinite(number):
            if not is_huge(number) or number.lstrip("-").isdigit():
                return number
            return "-Infinity" if number.startswith("-") else "Infinity"
        return each(value, infinite)

    def close(self):
        self.session.stop()


class ClickHouse(Adapter):
    name = "clickhouse"

    def __init__(self):
        import chdb
        from chdb import session
        self.version = str(chdb.query("SELECT version()", "TSV")).strip()
        self.session = session.Session()

    def open(self, text):
        self.session.query(text)

    def run(self, text):
        return str(self.session.query(text, "TSVRaw")).rstrip("\n")

    def rows(self, where=None):
        text = str(self.session.query(
            "SELECT * FROM events" + equals("`", where)
            + " SETTINGS output_format_json_quote_64bit_integers = 0", "JSONEachRow"))
        return [json.loads(line) for line in text.split("\n") if line]

    def count(self):
        return int(str(self.session.query("SELECT count() FROM events", "TSV")))


    def known(self, value):
        def quoted(number):
            is_whole = number.lstrip("-").isdigit()
            return str(number) if is_whole and not -2**63 <= int(number) < 2**64 else number
        return each(value, quoted)

    def reads(self, event):
        numbers = []
        each(event, lambda number: numbers.append(number) or number)
        return not any(is_huge(number) and not number.lstrip("-").isdigit() for number in numbers)


class Program(Adapter):
    """What is told in Python."""
    has_doubles = False

    def open(self, text):
        self.names = {}
        exec(compile(text, "trailmill schema", "exec"), self.names)

    def run(self, text):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile(text, "docs/readers.md", "exec"), self.names)
        return said.getvalue().rstrip("\n")


class Polars(Program):
    name = "polars"

    def __init__(self):
        import polars
        self.version = polars.__version__
        self.polars = polars

    def rows(self, where=None):
        where = dict(where or {})
        folder = self.names["folder"]
        keys = self.names["lines"].__code__.co_varnames[:self.names["lines"].__code__.co_argcount]
        folders = {key: folder(where.pop(key)) for key in keys if key in where}
        frame = self.names["events"](self.names["lines"](**folders))
        for name, value in where.items():
            frame = frame.filter(self.polars.col(name) == value)
        return frame.collect().rows(named=True)


class Arrow(Program):
    name = "arrow"
    reads_zstd = False

    def __init__(self):
        import pyarrow
        import pyarrow.dataset
        self.version = pyarrow.__version__
        self.dataset = pyarrow.dataset

    def rows(self, where=None):
        where = dict(where or {})
        condition = None
        for key in self.names["FOLDERS"]:
            if key in where:
                value = where.pop(key)
                field = self.dataset.field(key)
                one = field.is_null() if value is None else field == self.names["folder"](value)
                condition = one if condition is None else condition & one
        rows = [row for table in self.names["events"](condition) for row in table.to_pylist()]
        return [row for row in rows if all(row[name] == value for name, value in where.items())]

    def count(self):
        return self.names["lines"].count_rows()


def available(wanted):
    """The programs that are there, after a word about each."""
    found = []
    for kind in (DuckDB, Polars, Arrow, ClickHouse, Spark):
        if wanted and kind.name not in wanted:
            continue
        try:
            found.append(kind())
            print(f"{kind.name} {found[-1].version}", flush=True)
        except Exception as error:  # whatever keeps a program from starting
            print(f"{kind.name}: skipped: {str(error).splitlines()[0] if str(error) else type(error)}", flush=True)
    return found
