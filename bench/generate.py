#!/usr/bin/env python3
"""Writes audit events to measure with: python3 bench/generate.py DIRECTORY --events 1000000

  events.ndjson   60 % small events (some 250 bytes), 40 % large ones (some 1.6 KB); three accounts,
                  seven days nearly in order; 70 % by API keys, 60 % of those with a token id;
                  1 % delivered twice
  keys.json       1,000 keys
  claims.ndjson   20,000 tokens

Deterministic: the same number of events is the same bytes. Standard library only.
"""
import argparse
import json
import os
import random

START = 1772409600  # 2026-03-02T00:00:00Z
SPAN = 7 * 86400
BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

NOUNS = ("alerts api auth backup billing cache catalog cdn checkout cluster config core data dns "
         "edge events export fraud gateway grafana iam images import ingress invoices jobs kafka "
         "ledger logs mail metrics mobile models network orders payments policy postgres profile "
         "proxy queue redis reports runner search secrets sessions shipping signup staging stock "
         "storage tickets tokens tracing users vault web worker").split()
UNUSUAL = ["Zoë", "Łukasz", "São Paulo", "équipe", "Größe", "평가", "データ基盤", "Привет", "🚀", "naïve"]
GIVEN = "ana bo chen dina emil fay gus hana ines jo kim lena marc nils olga pia ravi sara tom uma".split()
FAMILY = "abadi berg costa dahl evans fofanah gupta hansen ito jensen kovac lopez moreau novak".split()
HOOKS = ["terraform validate", "tflint --recursive", "checkov -d . --quiet", "./scripts/notify.sh",
         "aws sts get-caller-identity | jq -r .Arn", "export PATH=/mnt/workspace/bin:$PATH",
         'echo \\"applying $TF_VAR_stage\\" \\u0026\\u0026 date', "printf 'a\\\\nb'",
         "kubectl config use-context production"]
NOTES = ["Owned by the platform team.\\nAsk before you change it.", "", "", "runbook: %d",
         "Größe \\u2265 3", "see C:\\\\infra\\\\live", "\\ud83d\\ude80 first launch", "基盤チーム"]
SMALL = [("audit_trail_webhook.set", "auditTrailSetWebhook"), ("run.trigger", "runTrigger"),
         ("run.confirm", "runConfirm"), ("run.discard", "runDiscard"), ("stack.lock", "stackLock"),
         ("login.api_key", "apiKeyUser")]
LARGE = [("stack.create", "stackCreate"), ("stack.update", "stackUpdate")]
ACCOUNTS = ["example"] * 7 + ["globex"] * 2 + ["initech"]
OWNERS = ["acme", "acme-infra", "globex", "initech"]
BRANCHES = ["main", "main", "main", "master", "develop", "release/2026.03", "feat/\\u00e9quipe"]


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.unit = self.random.random
        self.bits = self.random.getrandbits

    def pick(self, values):
        return values[int(self.unit() * len(values))]

    def ulid(self):
        value = self.bits(115)
        return "01J" + "".join(BASE32[value >> shift & 31] for shift in range(0, 115, 5))

    def uuid(self):
        text = "%032x" % self.bits(128)
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


class Tables(Generator):
    """Keys, and tokens by key."""

    def __init__(self):
        super().__init__(20260302)
        self.people = [f"{given}.{family}" for given in GIVEN for family in FAMILY]
        self.repositories = [
            f"{self.pick(OWNERS)}/{self.pick(NOUNS)}-{self.pick(NOUNS)}"
            for _ in range(400)]
        scopes = ["stack:read", "stack:write", "run:trigger", "run:confirm", "space:admin",
                  "audit:read", "policy:write", "context:write"]
        self.keys = [{
            "id": self.ulid(), "name": f"{self.pick(NOUNS)}-{self.pick(NOUNS)}-ci-{number}",
            "owner": f"{self.pick(self.people)}@example.com",
            "scopes": self.random.sample(scopes, 3),
            "allow_list": ["workspace:" + self.uuid(), "workspace:*"],
        } for number in range(1000)]
        self.key_ids = [key["id"] for key in self.keys]
        self.tokens = [self.token(number) for number in range(20000)]
        self.tokens_of_key = {key: [] for key in self.key_ids}
        for token in self.tokens:
            self.tokens_of_key[token["key_id"]].append(token["jti"])

    def token(self, number):
        repository, person = self.pick(self.repositories), self.pick(self.people)
        ref = self.pick(["refs/heads/main", "refs/heads/develop", f"refs/pull/{number}/merge"])
        issued = START + int(self.unit() * SPAN)
        return {"key_id": self.key_ids[number % 1000], "jti": self.uuid(), "iat": issued,
                "exp": issued + 3600,
                "claims": {
                    "sub": None if self.unit() < 0.05 else f"repo:{repository}:ref:{ref}",
                    "email": f"{person}@example.com" if self.unit() < 0.6 else None,
                    "repository": repository, "ref": ref, "actor": person}}


class Events(Generator):
    def __init__(self, tables, count):
        super().__init__(7)
        self.tables = tables
        self.step = SPAN * 1000 / count

    def time(self, number):
        time = number * self.step + (self.unit() - 0.5) * 60000
        if self.unit() < 0.005:
            time -= self.unit() * 7200000  # arrived late
        return START * 1000 + min(max(int(time), 0), SPAN * 1000 - 1)

    def actor(self):
        if self.unit() >= 0.7:
            source = self.pick(("github", "github", "gitlab", "saml"))
            return f"{source}::{self.pick(self.tables.people)}", ""
        key = self.pick(self.tables.key_ids) if self.unit() > 0.01 else self.ulid()
        if self.unit() >= 0.6:
            return "api::" + key, ""
        known = self.tables.tokens_of_key.get(key)
        token = self.pick(known) if known and self.unit() > 0.02 else self.uuid()
        return "api::" + key, f',"tokenId":"{token}"'

    def strings(self, values, low, high):
        count = low + int(self.unit() * (high - low + 1))
        return ",".join('"' + self.pick(values) + '"' for _ in range(count))

    def boolean(self):
        return "true" if self.unit() < 0.5 else "false"

    def small_arguments(self, action, actor, time):
        if action == "audit_trail_webhook.set":
            return (f'"Enabled":{self.boolean()},"Endpoint":"https://hooks-{self.bits(10)}.example.com'
                    f'/audit","SecretSHA":"{self.bits(160):x}"')
        if action == "login.api_key":
            return f'"ID":"{actor[-26:]}","Expires":{time // 1000 + 3600}'
        note = "null" if self.unit() < 0.7 else '"' + self.pick(UNUSUAL) + '"'
        return (f'"Stack":"{self.pick(NOUNS)}-{self.pick(NOUNS)}-{self.bits(9)}",'
                f'"RunID":"01J{self.bits(92):023X}","Note":{note}')

    def large_arguments(self):
        pick, bits, strings, boolean = self.pick, self.bits, self.strings, self.boolean
        name = f"{pick(NOUNS)}-{pick(NOUNS)}-{pick(NOUNS)}-{bits(12)}"
        note = pick(NOTES)
        if "%d" in note:
            note %= bits(20)
        labels = ",".join(
            f'"{pick(NOUNS)}:{pick(NOUNS) if self.unit() < 0.9 else pick(UNUSUAL)}"'
            for _ in range(3 + int(self.unit() * 8)))
        image = "null" if self.unit() < 0.7 else f'"ghcr.io/acme/runner@sha256:{bits(256):064x}"'
        version = "null" if self.unit() < 0.5 else f'"1.{bits(3)}.{bits(3)}"'
        serial = bits(62) | 1 << 61 if self.unit() < 0.05 else bits(24)
        return (
            f'"Input":{{"Administrative":{boolean()},"AfterApply":[{strings(HOOKS, 0, 1)}],'
            f'"AfterDestroy":[],"AfterInit":[{strings(HOOKS, 0, 2)}],"AfterPerform":[],'
            f'"AfterPlan":[{strings(HOOKS, 0, 1)}],"AfterRun":[],"Autodeploy":{boolean()},'
            f'"Autoretry":false,"BeforeApply":[{strings(HOOKS, 0, 1)}],"BeforeDestroy":[],'
            f'"BeforeInit":[{strings(HOOKS, 0, 2)}],"BeforePerform":[],'
            f'"BeforePlan":[{strings(HOOKS, 0, 1)}],"Branch":"{pick(BRANCHES)}",'
            f'"Description":"{note}","GithubActionDeploy":true,"IsDisabled":null,'
            f'"Labels":[{labels}],"LocalPreviewEnabled":false,"Name":"{name}",'
            f'"Namespace":"{pick(("acme", "globex", "initech"))}",'
            f'"ProjectRoot":"{pick(NOUNS)}/{pick(NOUNS)}","ProtectFromDeletion":{boolean()},'
            f'"Provider":"{pick(("GITHUB", "GITLAB", "SHOWCASE"))}",'
            f'"Repository":"{pick(self.tables.repositories)}","RunnerImage":{image},'
            f'"Space":"{pick(NOUNS)}-{bits(32):08x}","TerraformVersion":{version},'
            f'"VendorConfig":{{"Ansible":null,"CloudFormation":null,"Kubernetes":null,'
            f'"Pulumi":null,"Terraform":{{"use_smart_sanitization":{boolean()},'
            f'"version":"1.{bits(3)}.{bits(3)}","workspace":null}}}},'
            f'"WorkerPool":"01J{bits(92):023X}"}},"ManageState":true,"Slug":"{name}",'
            f'"StackObjectID":"{bits(160):x}","Serial":{serial},"Cost":{self.unit() * 1000:.2f}')

    def event(self, number):
        time, account = self.time(number), self.pick(ACCOUNTS)
        actor, token = self.actor()
        if self.unit() < 0.6:
            action, mutation = self.pick(SMALL)
            arguments, identity = self.small_arguments(action, actor, time), ""
        else:
            action, mutation = self.pick(LARGE)
            arguments, identity = self.large_arguments(), f'"ID":"{self.uuid()}",'
        address = ".".join(str(self.bits(8)) for _ in range(4))
        return (f'{{"account":"{account}","action":"{action}","actor":"{actor}",'
                f'"context":{{"mutation":"{mutation}"{token}}},'
                f'"data":{{{identity}"args":{{{arguments}}}}},'
                f'"remoteIP":"{address}","timestamp":{time}}}\n')


def write_events(path, tables, count):
    events = Events(tables, count)
    again, written = {}, 0
    with open(path + ".partial", "w", encoding="utf-8", buffering=1 << 20) as file:
        while written < count:
            line = events.event(written)
            if events.unit() < 0.01:
                again.setdefault(written + 1 + int(events.unit() * 500), []).append(line)
            for text in [line] + again.pop(written, []):
                if written < count:
                    file.write(text)
                    written += 1
    os.replace(path + ".partial", path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("directory")
    parser.add_argument("--events", type=int, default=1_000_000)
    arguments = parser.parse_args()
    os.makedirs(arguments.directory, exist_ok=True)
    tables = Tables()
    with open(os.path.join(arguments.directory, "keys.json"), "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(compact(key) for key in tables.keys) + "\n]\n")
    with open(os.path.join(arguments.directory, "claims.ndjson"), "w", encoding="utf-8") as file:
        file.writelines(compact(token) + "\n" for token in tables.tokens)
    write_events(os.path.join(arguments.directory, "events.ndjson"), tables, arguments.events)


if __name__ == "__main__":
    main()
