"""The pipe job with orjson, standard input to standard output. Usage: python_pipe.py TABLES"""
import os
import sys

from orjson import OPT_APPEND_NEWLINE, dumps, loads


def main():
    tables = sys.argv[1]
    with open(os.path.join(tables, "keys.json"), "rb") as file:
        keys = {key["id"]: {"id": key["id"], "name": key["name"], "owner": key["owner"]}
                for key in loads(file.read())}
    with open(os.path.join(tables, "claims.ndjson"), "rb") as file:
        tokens = [loads(line) for line in file]
    people = {token["jti"]: token["claims"]["email"] or token["claims"]["sub"] for token in tokens}
    write = sys.stdout.buffer.write
    for line in sys.stdin.buffer:
        event = loads(line)
        actor = event["actor"]
        key = keys.get(actor[5:]) if actor.startswith("api::") else None
        event["display_actor"] = (people.get(event["context"].get("tokenId"))
                                  or (key and key["name"]) or actor)
        event["api_key"] = key
        write(dumps(event, option=OPT_APPEND_NEWLINE))


main()
