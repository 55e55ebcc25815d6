#!/usr/bin/env python3
"""Writes a claim store to measure with: python3 bench/generate_claims.py FILE --rows 10000000

Tokens of a CI system, as an issuer's log would list them: 1,000 keys, 20,000 callers (a repository
and a ref), ten claims each, of which policies use a few; every token its own id and times.
Deterministic. Standard library only.
"""
import argparse
import os
import random

START = 1772409600  # 2026-03-02T00:00:00Z
BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file")
    parser.add_argument("--rows", type=int, default=10_000_000)
    arguments = parser.parse_args()
    source = random.Random(11)
    bits = source.getrandbits
    keys = ["01J" + "".join(source.choice(BASE32) for _ in range(23)) for _ in range(1000)]
    callers = []
    for number in range(20_000):
        owner, repository = f"team-{number % 37}", f"service-{number % 997}"
        ref = f"refs/heads/{('main', 'develop', f'feat-{number}')[number % 3]}"
        callers.append(
            f'"iss":"https://token.actions.githubusercontent.com","sub":"repo:{owner}/{repository}'
            f':ref:{ref}","repository":"{owner}/{repository}","ref":"{ref}","actor":"dev-{number % 613}'
            f'","environment":"production","job_workflow_ref":"{owner}/{repository}/.github/'
            f'workflows/deploy.yml@{ref}","run_id":"')
    with open(arguments.file + ".partial", "w", encoding="ascii", buffering=1 << 20) as file:
        write = file.write
        for number in range(arguments.rows):
            token = "%032x" % bits(128)
            issued = START + number // 60 + (bits(6))
            write(
                f'{{"key_id":"{keys[bits(20) % 1000]}","jti":"{token[:8]}-{token[8:12]}-4{token[13:16]}'
                f'-a{token[17:20]}-{token[20:]}","iat":{issued},"exp":{issued + 600},"claims":{{'
                f'{callers[bits(20) % 20000]}{bits(33)}"}}}}\n')
    os.replace(arguments.file + ".partial", arguments.file)


if __name__ == "__main__":
    main()
