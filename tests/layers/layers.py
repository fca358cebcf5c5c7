#!/usr/bin/env python3
"""Proves that the folders depend on each other in one direction only (doc/DESIGN.md, "Layers").

Three looks at the same rule, because each can be fooled alone: what the sources include, which
symbols the built libraries ask for, and which shared libraries the programs load. Each look is also
shown a planted fault, which it must report.

NEP_SOURCE is the source folder, NEP_BUILD the built tree (make check sets both)."""

import os
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = os.environ.get("NEP_SOURCE", os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.environ.get("NEP_BUILD", os.path.join(SOURCE, "build"))

# Each folder with the folders it may use besides itself. Longer names win over shorter ones.
COMMON = ["base", "crypto", "protocol", "records"]
MAY_USE = {
    "base": [],
    "crypto": ["base"],
    "protocol": ["base", "crypto"],
    "records": ["base", "crypto", "protocol"],
    "tally": COMMON,
    "client-cli": COMMON,
    "server/log": ["base", "crypto", "protocol"],
    "server/settings": ["base"],
    "server/signer": COMMON + ["server/log", "server/settings"],
    "server/db": COMMON + ["server/log"],
    "server/service": COMMON + ["server/db", "server/signer", "server/log"],
    "server/http": COMMON + ["server/service", "server/log", "server/settings"],
}

# A foreign header, and the only folders that may include it.
HEADERS = {
    r"libpq-fe\.h|libpq/.*|postgres.*": ["server/db"],
    r"microhttpd\.h": ["server/http"],
    r"curl/.*": ["client-cli", "server/service"],
    r"cjose/.*": ["records"],
    r"gmp\.h": ["crypto"],
    r"jansson\.h": ["protocol", "records", "tally", "client-cli", "server/service", "server/http",
                    "server/signer"],
    r"arpa/inet\.h":  # server/db: byte order of PostgreSQL's binary format
        ["client-cli", "server/http", "server/signer", "server/service", "server/db"],
    r"sys/socket\.h|sys/un\.h|netdb\.h|netinet/.*":
        ["client-cli", "server/http", "server/signer", "server/service"],
}

# Undefined symbols of a folder's objects, and the only folders that may have them.
EVERYWHERE = list(MAY_USE)
SYMBOLS = {
    "SQL": (r"PQ[a-z]\w*", ["server/db"]),
    "HTTP server": (r"MHD_\w+", ["server/http"]),
    "HTTP client": (r"curl_\w+", ["client-cli", "server/service"]),
    "ID tokens": (r"cjose_\w+", ["records"]),
    "JSON": (r"json_\w+|json\w*_(?:dumps|loads)\w*",
             [f for f in EVERYWHERE if f not in ("base", "crypto", "server/db")]),
    "big integers": (r"__gmp\w+", ["crypto"]),
    "sockets": (r"socket|socketpair|connect|bind|listen|accept4?|getaddrinfo|(?:send|recv)(?:to|from|msg)?",
                ["client-cli", "server/http", "server/signer", "server/service"]),
    "files": (r"f?open(?:at)?(?:64)?|creat|fread|rename|unlink|mkdir|opendir",
              [f for f in EVERYWHERE if f != "crypto"]),
    "randomness": (r"randombytes\w*|RAND_\w*bytes|getrandom|getentropy|s?rand(?:om)?(?:48)?|"
                   r"crypto_core_ed25519_scalar_random|crypto_core_ed25519_random|mpz_urandom\w*",
                   ["base"]),
    "unbounded or unsafe": (r"gets|strcpy|strcat|v?sprintf|system|popen|tmpnam|mktemp", []),
}

# Programs by folder, and libraries that they must not load.
NETWORK = r"libcurl|libpq|libmicrohttpd"
PROGRAMS = {
    "tally/nep-verify": NETWORK,
    "tally/nep-tally": NETWORK,
    "tally/nep-trustee": NETWORK,
    "client-cli/nep-voter": r"libpq|libmicrohttpd",
    "client-cli/nep-admin": r"libpq|libmicrohttpd",
    "client-cli/nep-mirror": r"libpq|libmicrohttpd",
    "server/nep-signer": NETWORK,
}


def folder_of(path):
    """The layer that a source or object path belongs to, or None."""
    inside = [f for f in MAY_USE if path == f or path.startswith(f + "/")]
    return max(inside, key=len) if inside else None


# ---- includes ----

def sources(top):
    for folder in MAY_USE:
        for here, _, files in os.walk(os.path.join(top, folder)):
            for file in sorted(files):
                path = os.path.relpath(os.path.join(here, file), top)
                if file.endswith((".c", ".h")) and folder_of(path) == folder:
                    yield folder, path


def include_faults(top):
    """Every include that the rule forbids, and how many includes were looked at."""
    faults, looked = [], 0
    for folder, path in sources(top):
        with open(os.path.join(top, path), encoding="utf-8") as file:
            text = file.read()
        for own, name in re.findall(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)', text, re.M):
            looked += 1
            target = folder_of(name)
            if own == '"' and target and target != folder and target not in MAY_USE[folder]:
                faults.append(f"{path} includes {name}: {folder} must not use {target}")
            if own == '"' and name.startswith(("tests/", "bench/")):
                faults.append(f"{path} includes {name}: sources do not use tests")
            for pattern, allowed in HEADERS.items():
                if re.fullmatch(pattern, name) and folder not in allowed:
                    faults.append(f"{path} includes {name}: only {', '.join(allowed)} may")
    return faults, looked


# ---- symbols ----

def archives(build):
    """Static libraries of the layers: (folder, path)."""
    for folder in MAY_USE:
        where = os.path.join(build, folder)
        if os.path.isdir(where):
            for file in sorted(os.listdir(where)):
                if file.endswith(".a"):
                    yield folder, os.path.join(where, file)


def nm(path, *options):
    out = subprocess.run(["nm", "-A", *options, path], capture_output=True, text=True, check=True)
    names = set()
    for line in out.stdout.splitlines():
        names.add(line.split()[-1].split("@")[0])
    return names


def foreign_faults(folder, undefined):
    faults = []
    for kind, (pattern, allowed) in SYMBOLS.items():
        if folder not in allowed:
            bad = sorted(s for s in undefined if re.fullmatch(pattern, s))
            if bad:
                faults.append(f"{folder} asks for {kind}: {', '.join(bad)}")
    return faults


def symbol_faults(libraries):
    """libraries: [(folder, path)]. Foreign symbols, and own ones defined in a lower layer only."""
    faults, looked = [], 0
    defined, undefined = {}, {}
    for folder, path in libraries:
        defined.setdefault(folder, set()).update(nm(path, "--defined-only", "-g"))
        undefined.setdefault(folder, set()).update(nm(path, "-u"))
    for folder, names in undefined.items():
        looked += len(names)
        faults += foreign_faults(folder, names)
        for name in sorted(n for n in names if n.startswith("nep_")):
            homes = [f for f in defined if name in defined[f]]
            if homes and not any(h == folder or h in MAY_USE[folder] for h in homes):
                faults.append(f"{folder} asks for {name}, which {homes[0]} defines")
    return faults, looked


# ---- programs ----

def needed(program):
    out = subprocess.run(["readelf", "-d", program], capture_output=True, text=True, check=True)
    return re.findall(r"\(NEEDED\).*\[([^\]]+)\]", out.stdout)


def program_faults(build):
    faults, looked = [], 0
    for program, forbidden in PROGRAMS.items():
        path = os.path.join(build, program)
        if not os.path.exists(path):
            faults.append(f"{program} is not built")
            continue
        for library in needed(path):
            looked += 1
            if re.match(forbidden, library):
                faults.append(f"{program} loads {library}")
    return faults, looked


# ---- planted faults: what the looks above must see ----

def planted_include(top):
    for folder in MAY_USE:
        os.makedirs(os.path.join(top, folder))
    with open(os.path.join(top, "crypto", "bad.c"), "w", encoding="utf-8") as file:
        file.write('#include "protocol/election.h"\n#include <jansson.h>\n#  include "base/buf.h"\n')
    faults, _ = include_faults(top)
    return len(faults) == 2 and "protocol/election.h" in faults[0] and "jansson.h" in faults[1]


def compiled(top, folder, name, text):
    source, library = os.path.join(top, name + ".c"), os.path.join(top, f"lib{name}.a")
    with open(source, "w", encoding="utf-8") as file:
        file.write(text)
    compiler = shutil.which("gcc") or "cc"
    subprocess.run([compiler, "-c", "-o", source + ".o", source], check=True)
    subprocess.run(["ar", "crs", library, source + ".o"], check=True)
    return folder, library


def planted_symbols(top):
    bad = compiled(top, "crypto", "bad",
                   "int json_loads(void); int socket(int,int,int); int nep_service_start(void);"
                   "int PQexec(void); int rand(void); int getrandom(void);"
                   "int f(void){return json_loads()+socket(1,2,3)+nep_service_start()+PQexec()+rand();}")
    low = compiled(top, "server/service", "low", "int nep_service_start(void){return 0;}")
    faults, _ = symbol_faults([bad, low])
    text = "\n".join(faults)
    return len(faults) == 5 and all(w in text for w in (
        "JSON: json_loads", "sockets: socket", "SQL: PQexec", "randomness: rand",
        "nep_service_start, which server/service defines"))


class Report:
    def __init__(self):
        self.passed = self.failed = 0

    def case(self, name, good, *details):
        print(("ok - " if good else "not ok - ") + name)
        for line in details:
            print("    " + line)
        self.passed, self.failed = self.passed + bool(good), self.failed + (not good)


def main():
    report = Report()
    faults, looked = include_faults(SOURCE)
    report.case(f"includes go down the layers only ({looked} includes)", not faults and looked > 100,
                *faults)
    libraries = list(archives(BUILD))
    present = {folder for folder, _ in libraries}
    missing = [f for f in ("base", "crypto", "protocol", "records", "server/db", "server/service",
                           "server/http") if f not in present]
    report.case("every layer is a library of its own", not missing,
                *(f"no static library in {BUILD}/{f}" for f in missing))
    faults, looked = symbol_faults(libraries)
    report.case(f"libraries ask for symbols of their layer and above only ({looked} symbols)",
                not faults and looked > 100, *faults)
    faults, looked = program_faults(BUILD)
    report.case(f"offline programs and clients load no server's library ({looked} libraries)",
                not faults and looked > 0, *faults)
    with tempfile.TemporaryDirectory() as top:
        report.case("a planted forbidden include is seen", planted_include(top))
    with tempfile.TemporaryDirectory() as top:
        report.case("planted forbidden symbols are seen", planted_symbols(top))
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
