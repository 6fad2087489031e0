#!/usr/bin/env bash
# Installs the Debian packages that the tests drive: the genuine ZooKeeper, unmodified clients, and PostgreSQL.
# Does nothing, and touches no network, if all of them are there.
set -euo pipefail

packages=(
    zookeeper               # zkCli.sh, and the server as the oracle
    libzookeeper-java
    libcurator-recipes-java
    libzookeeper-mt-dev
    python3-kazoo
    default-jdk-headless    # javac for the Curator test
    gcc libc6-dev           # for the C client's test
    postgresql              # the tests start servers of their own from it
)

missing=()
for package in "${packages[@]}"; do
    if ! dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed; then
        missing+=("$package")
    fi
done

# Another JDK will do as well.
if command -v javac >/dev/null && command -v java >/dev/null; then
    missing=("${missing[@]/default-jdk-headless/}")
fi

read -ra missing <<<"${missing[*]-}"
if ((${#missing[@]} == 0)); then
    exit 0
fi

echo "Installing: ${missing[*]}"
as_root=()
((EUID == 0)) || as_root=(sudo)
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"
