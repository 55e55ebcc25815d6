"""Both jobs with DuckDB. Usage: duckdb_job.py archive gzip|zstd EVENTS TABLES OUTPUT | pipe TABLES"""
import sys

import duckdb

EVENT = ("{account: 'VARCHAR', action: 'VARCHAR', actor: 'VARCHAR', context: 'JSON', data: 'JSON', "
         "remoteIP: 'VARCHAR', timestamp: 'BIGINT'}")
CLAIMS = "STRUCT(sub VARCHAR, email VARCHAR, repository VARCHAR, \"ref\" VARCHAR, actor VARCHAR)"


def connect(tables):
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute(f"""
        CREATE TABLE keys AS
        SELECT id, {{'id': id, 'name': name, 'owner': owner}} AS api_key
        FROM read_json('{tables}/keys.json', format = 'array',
             columns = {{id: 'VARCHAR', name: 'VARCHAR', owner: 'VARCHAR'}})""")
    connection.execute(f"""
        CREATE TABLE tokens AS SELECT jti, coalesce(claims.email, claims.sub) AS shown
        FROM read_json('{tables}/claims.ndjson', format = 'newline_delimited',
             columns = {{jti: 'VARCHAR', claims: '{CLAIMS}'}})""")
    return connection


def enriched(events, more=""):
    return f"""
        SELECT e.*, coalesce(t.shown, k.api_key.name, e.actor) AS display_actor, k.api_key {more}
        FROM read_json('{events}', format = 'newline_delimited', columns = {EVENT}) e
        LEFT JOIN keys k ON e.actor LIKE 'api::%' AND k.id = substr(e.actor, 6)
        LEFT JOIN tokens t ON t.jti = (e.context->>'$.tokenId')"""


def archive(codec, events, tables, output):
    ending = {"gzip": "gz", "zstd": "zst"}[codec]
    hour = """, strftime(make_timestamp(e.timestamp * 1000), '%Y-%m-%d') AS date,
                strftime(make_timestamp(e.timestamp * 1000), '%H') AS hour"""
    connect(tables).execute(f"""
        COPY ({enriched(events, hour)}) TO '{output}' (
          FORMAT json, PARTITION_BY (account, date, hour), WRITE_PARTITION_COLUMNS true,
          COMPRESSION {codec}, FILE_EXTENSION 'ndjson.{ending}', OVERWRITE_OR_IGNORE true)""")


def pipe(tables):
    connect(tables).execute(f"COPY ({enriched('/dev/stdin')}) TO '/dev/stdout' (FORMAT json)")


{"archive": archive, "pipe": pipe}[sys.argv[1]](*sys.argv[2:])
