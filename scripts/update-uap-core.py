"""Takes uap-core's rules from the package ua-parser-builtins on PyPI, which is released monthly from uap-core's main branch.

    python3 scripts/update-uap-core.py [VERSION]

Writes src/store/user-agents/uap-core/rules.jsonl: a line that says where the rules are from, then one line for each rule,
with the field names of uap-core's own regexes.yaml. Afterwards run `npx vitest run src/store/user-agents`: its figures
and the hash in rule-set.test.ts change with the rules.
"""

import ast
import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

PACKAGE = "ua-parser-builtins"
TARGET = pathlib.Path(__file__).parent.parent / "src/store/user-agents/uap-core/rules.jsonl"

LISTS = {"USER_AGENT_PARSERS": "user_agent_parsers", "OS_PARSERS": "os_parsers", "DEVICE_PARSERS": "device_parsers"}

# The package's rules are calls of three constructors; this is what their arguments mean in regexes.yaml.
FIELDS = {
    "UserAgentParser": ["regex", "family_replacement", "v1_replacement", "v2_replacement"],
    "OSParser": ["regex", "os_replacement", *(f"os_v{part}_replacement" for part in (1, 2, 3, 4))],
    "DeviceParser": ["regex", "regex_flag", "device_replacement", "brand_replacement", "model_replacement"],
}


def main(version):
    with tempfile.TemporaryDirectory() as folder:
        wanted = f"{PACKAGE}=={version}" if version else PACKAGE
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*pip, "--dest", folder, wanted], check=True)
        wheel = next(pathlib.Path(folder).glob("*.whl"))
        with zipfile.ZipFile(wheel) as files:
            commit = files.read("REVISION").decode().strip()
            rules = list(read_rules(files.read("ua_parser_builtins/regexes.py")))
        version = wheel.name.split("-")[1]
    origin = {"source": "https://github.com/ua-parser/uap-core", "commit": commit, "release": version}
    lines = [json.dumps(line, ensure_ascii=False) for line in [origin, *rules]]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(rules)} rules of {PACKAGE} {version}, uap-core at {commit}")


def read_rules(code):
    """The calls in the package's three lists, read without running them."""
    for statement in ast.parse(code).body:
        if isinstance(statement, ast.Assign) and statement.targets[0].id in LISTS:
            for call in statement.value.elts:
                fields = FIELDS[call.func.id]
                if len(call.args) > len(fields):
                    raise SystemExit(f"cannot read rule {ast.unparse(call)}: too many arguments; name them in FIELDS")
                given = zip(fields, map(ast.literal_eval, call.args))
                yield {"list": LISTS[statement.targets[0].id]} | {field: text for field, text in given if text is not None}


main(sys.argv[1] if len(sys.argv) > 1 else None)
