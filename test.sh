#!/usr/bin/env bash
# Builds the solution and runs its tests: ./test.sh [project…], for example ./test.sh Unit Interop.
# The last line is "N passed, N failed". A skipped test counts as failed, unless KEEPER_ALLOW_SKIPPED is set;
# a project that crashes or runs no test counts as one failure.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

projects=("$@")
((${#projects[@]})) || projects=(Unit Cluster Interop Robustness)
logs=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$logs"' EXIT
passed=0
failed=0

finish() {
    echo "$passed passed, $failed failed"
    ((failed == 0 && passed > 0)) || exit 1
    exit 0
}

if ! Tests/install-dependencies.sh; then
    echo "The packages that the tests need cannot be installed."
    failed=1
    finish
fi
if ! dotnet build Orleans.sln -c Release --nologo -v quiet; then
    echo "The solution does not build."
    failed=1
    finish
fi

# The figure behind a label in the summary that the test platform prints last.
figure() {
    sed -nE "s/^ +$1: ([0-9]+).*/\1/p" "$2" | tail -n 1
}

# Runs a project's tests, on ports that those who run beside it do not take.
run() {
    KEEPER_TEST_PORTS=$2 exec dotnet run --project "Tests/$1" -c Release --no-build -- --no-progress >"$logs/$1" 2>&1
}

# Interop waits most of its time, for clients to start and for sessions to expire, and runs beside the others.
# Robustness loads the machine and has it for itself.
interop=
for project in "${projects[@]}"; do
    if [[ $project == Interop && -d Tests/Interop && -z $interop ]]; then
        (run Interop 12000-20999) &
        interop=$!
    fi
done

for project in "${projects[@]}"; do
    if [[ ! -d Tests/$project ]]; then
        if (($#)); then
            echo "There is no test project $project."
            failed=$((failed + 1))
        fi
        continue
    fi
    log=$logs/$project
    echo "== $project"
    if [[ $project == Interop ]]; then
        wait "$interop"
        status=$?
    else
        [[ $project != Robustness || -z $interop ]] || wait "$interop"
        (run "$project" 21000-29999)
        status=$?
    fi
    succeeded=$(figure succeeded "$log")
    broken=$(figure failed "$log")
    skipped=$(figure skipped "$log")
    if [[ -z $succeeded || -z $broken ]] || ((status != 0 && broken == 0)) || ((succeeded + broken == 0)); then
        tail -n 50 "$log"
        echo "$project crashed or ran no test (exit code $status)."
        passed=$((passed + ${succeeded:-0}))
        failed=$((failed + ${broken:-0} + 1))
        continue
    fi
    if [[ -z ${KEEPER_ALLOW_SKIPPED-} ]]; then
        broken=$((broken + ${skipped:-0}))
    fi
    passed=$((passed + succeeded))
    failed=$((failed + broken))
    if ((broken)); then
        cat "$log"
    else
        echo "   $succeeded passed in $(sed -nE 's/^ +duration: (.*)/\1/p' "$log" | tail -n 1)"
    fi
done
finish
