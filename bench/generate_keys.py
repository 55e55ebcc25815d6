#!/usr/bin/env python3
"""Writes a key directory with what vendors say of a key: python3 bench/generate_keys.py KEYS OUTPUT

KEYS is the keys.json of generate.py. Each of its keys gets a type, one to four scopes, an allow list of
one to twelve workspaces, and the effective scope: the permissions, written as resource:action, of the
site, an organisation and the user, that the scopes come to.

Deterministic: the same keys are the same bytes. Standard library only.
"""
import argparse
import json
import os
import random

RESOURCES = ("api_key assign_role audit_log deployment_config file group group_member notification "
             "organization organization_member provisioner_daemon stack system tailnet template user "
             "workspace workspace_dormant workspace_proxy").split()
ACTIONS = ["create", "read", "update", "delete", "use", "start", "stop", "ssh"]


def uuid(source):
    text = "%032x" % source.getrandbits(128)
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


def permissions(source, low, high):
    count = source.randint(low, high)
    return sorted({f"{source.choice(RESOURCES)}:{source.choice(ACTIONS)}" for _ in range(count)})


def enriched(key, source):
    scopes = sorted({f"{source.choice(RESOURCES)}:{source.choice(ACTIONS + ['*'])}"
                     for _ in range(source.randint(1, 4))})
    return {
        "id": key["id"], "name": key["name"], "type": source.choice(["OIDC", "OIDC", "SECRET"]),
        "owner": key["owner"], "scopes": scopes,
        "allow_list": ["workspace:" + uuid(source) for _ in range(source.randint(1, 12))],
        "effective_scope": {
            "site": permissions(source, 2, 10),
            "org": {uuid(source): permissions(source, 4, 16)},
            "user": permissions(source, 2, 8),
        },
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("keys")
    parser.add_argument("output")
    arguments = parser.parse_args()
    source = random.Random(20260303)
    with open(arguments.keys, encoding="utf-8") as file:
        keys = json.load(file)
    with open(arguments.output + ".partial", "w", encoding="utf-8") as file:
        for key in keys:
            file.write(json.dumps(enriched(key, source), separators=(",", ":")) + "\n")
    os.replace(arguments.output + ".partial", arguments.output)


if __name__ == "__main__":
    main()
