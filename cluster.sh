#!/usr/bin/env bash
# A cluster of silos on a PostgreSQL of its own, for trying it out on one machine: ./cluster.sh help
set -uo pipefail
caller=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

readonly program=Silo/bin/Release/net10.0/OrleansKeeper.Silo.dll
readonly stamp=Silo/obj/cluster-built
readonly patience=120 # seconds
readonly database_user=keeper

usage() {
    cat <<HELP
A cluster of silos on a PostgreSQL of its own, for trying it out on one machine.

  ./cluster.sh start [--silos N]  starts PostgreSQL and N silos (3), and returns when all serve; data of an earlier start is kept
  ./cluster.sh status             a line for each silo: N pid=… port=… state=serving|starting|paused|stopped sequencer=yes|no
  ./cluster.sh kill N             kills silo N as a crash would (SIGKILL)
  ./cluster.sh term N             ends silo N in good order (SIGTERM), and returns when it has ended
  ./cluster.sh pause N            stops silo N in its tracks (SIGSTOP)
  ./cluster.sh resume N           lets it go on (SIGCONT)
  ./cluster.sh run N              starts silo N again, and returns when it serves
  ./cluster.sh stop               ends everything that start and run started, and nothing else
  ./cluster.sh help

Each takes --folder DIR (./cluster): data, ports and logs are there (postgresql.log, silo-N/output.log); remove it to begin anew.
ZooKeeper clients connect to ports 2181, 2182, …, or from KEEPER_BASE_PORT on; all other ports are free ones. Everything listens on
127.0.0.1 only. Needs the .NET SDK and PostgreSQL (apt-get install postgresql); builds the silo when its source is newer.
HELP
}

fail() {
    echo "cluster.sh: $*" >&2
    exit 1
}

# Processes: a file has the pid and when that process began, because a pid alone may be somebody else's by now.

# What /proc says behind the name of a process, which may hold anything: the state is field 1, the start field 20.
process_fields() {
    sed -E 's/.*\) //' "/proc/$1/stat" 2>/dev/null
}

remember() { # file pid
    local fields
    read -ra fields <<<"$(process_fields "$2")"
    echo "$2 ${fields[19]-0}" >"$1"
}

# The state of the process that a file names (R, S, T, …), or nothing when it has ended.
process_state() { # file
    local pid start fields
    [[ -f $1 ]] && read -r pid start <"$1" || return
    read -ra fields <<<"$(process_fields "$pid")"
    [[ ${fields[19]-} == "$start" && ${fields[0]} != [ZX] ]] && echo "${fields[0]}"
}

is_running() { # file
    [[ -n $(process_state "$1") ]]
}

signal() { # name file
    local pid
    read -r pid _ <"$2"
    kill "-$1" "$pid" 2>/dev/null
}

wait_until_ended() { # seconds file
    local deadline=$((SECONDS + $1))
    while is_running "$2"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.05
    done
}

# Ports.

is_port_taken() {
    timeout 2 bash -c "exec 3<>/dev/tcp/127.0.0.1/$1" 2>/dev/null
    (($? != 1)) # 1: refused. A listener whose process is paused may take no more connections, and then this times out.
}

# Below those that the kernel gives to outgoing connections, which might have one while its silo is down.
free_port() {
    local port
    while true; do
        port=$((12000 + (RANDOM * 32768 + RANDOM) % 18000))
        if ! grep -qsw "$port" "$folder"/silo-*/ports "$folder/postgresql.port" && ! is_port_taken "$port"; then
            echo "$port"
            return
        fi
    done
}

# Sends a text to a port and prints what comes back, but does not wait for a server that hangs.
ask() { # port text
    # shellcheck disable=SC2016 # The inner shell expands them.
    timeout 2 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1" && printf "$2" >&3 && cat <&3' ask "$1" "$2" 2>/dev/null
}

# PostgreSQL.

find_postgresql() {
    local folders
    postgresql=$(command -v postgres) && postgresql=$(dirname "$(readlink -f "$postgresql")") && return
    shopt -s nullglob
    folders=(/usr/lib/postgresql/*/bin)
    shopt -u nullglob
    postgresql=$(printf '%s\n' "${folders[@]}" | sort -V | tail -n 1)
    [[ -x $postgresql/postgres ]] || fail "PostgreSQL is not installed: apt-get install postgresql"
}

# It refuses to run as root.
as_database_user=()
find_database_user() {
    ((EUID == 0)) || return
    id postgres >/dev/null 2>&1 || fail "PostgreSQL does not run as root, and there is no user postgres."
    as_database_user=(setpriv --reuid=postgres --regid=postgres --clear-groups)
    "${as_database_user[@]}" test -x "$folder" ||
        fail "PostgreSQL runs as user postgres, which cannot enter $folder: choose another --folder."
}

make_database() {
    [[ ! -f $data/PG_VERSION ]] || return 0
    local password
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    rm -rf "$data" # What an interrupted start left.
    mkdir -m 700 "$data" || fail "$data cannot be made."
    (umask 077 && echo "$password" >"$folder/postgresql.password")
    cp -p "$folder/postgresql.password" "$folder/postgresql.new-password"
    ((EUID != 0)) || chown postgres: "$data" "$folder/postgresql.new-password"
    "${as_database_user[@]}" "$postgresql/initdb" -D "$data" -U "$database_user" -A scram-sha-256 \
        --pwfile="$folder/postgresql.new-password" -E UTF8 --locale=C >"$folder/postgresql.log" 2>&1
    local status=$?
    rm -f "$folder/postgresql.new-password"
    ((status == 0)) || {
        rm -rf "$data"
        fail "PostgreSQL's initdb failed: $(tail -n 3 "$folder/postgresql.log")"
    }
}

start_postgresql() {
    local deadline port
    make_database
    port=$(cat "$folder/postgresql.port" 2>/dev/null)
    if [[ -z $port ]] || is_port_taken "$port"; then
        port=$(free_port)
        echo "$port" >"$folder/postgresql.port"
    fi
    setsid "${as_database_user[@]}" "$postgresql/postgres" -D "$data" -p "$port" -c listen_addresses=127.0.0.1 \
        -c unix_socket_directories= -c max_connections=300 >>"$folder/postgresql.log" 2>&1 </dev/null &
    remember "$folder/postgresql.pid" $!
    deadline=$((SECONDS + patience))
    until "$postgresql/pg_isready" -q -h 127.0.0.1 -p "$port"; do
        { is_running "$folder/postgresql.pid" && ((SECONDS < deadline)); } ||
            fail_start "PostgreSQL does not answer. The end of $folder/postgresql.log:"$'\n'"$(tail -n 5 "$folder/postgresql.log")"
        sleep 0.05
    done
}

# Silos.

count_silos() {
    cat "$folder/silos" 2>/dev/null || echo 0
}

build_silo() {
    if [[ -f $program && -f $stamp && -z $(find Silo Grains GrainInterfaces Protocol appsettings Directory.*.props global.json \
        \( -name bin -o -name obj \) -prune -o -type f -newer "$stamp" -print -quit) ]]; then
        return
    fi
    command -v dotnet >/dev/null || fail "The .NET SDK is not installed: there is no dotnet."
    echo "Building the silo…"
    dotnet build Silo -c Release --nologo -v quiet || fail "The silo does not build."
    touch "$stamp"
}

# Its ports: of ZooKeeper clients, of administration, of the other silos, of .NET clients.
choose_ports() { # silo client-port
    local file=$folder/silo-$1/ports ports port
    mkdir -p "$folder/silo-$1"
    read -ra ports <<<"$(cat "$file" 2>/dev/null)"
    for port in 1 2 3; do
        if [[ -z ${ports[port]-} ]] || is_port_taken "${ports[port]}"; then
            ports[port]=$(free_port)
            echo "$2 ${ports[*]:1}" >"$file" # The next one must differ.
        fi
    done
    echo "$2 ${ports[*]:1}" >"$file"
}

launch_silo() {
    local client admin silo gateway connection
    read -r client admin silo gateway <"$folder/silo-$1/ports"
    connection="Host=127.0.0.1;Port=$(cat "$folder/postgresql.port");Database=postgres;Username=$database_user"
    connection+=";Password=$(cat "$folder/postgresql.password")"
    ConnectionStrings__Keeper=$connection setsid dotnet "$program" --environment Cluster \
        --Keeper:ClientAddress=127.0.0.1 --Keeper:ClientPort="$client" --Keeper:AdminPort="$admin" \
        --Orleans:Endpoints:AdvertisedIPAddress=127.0.0.1 --Orleans:Endpoints:SiloPort="$silo" --Orleans:Endpoints:GatewayPort="$gateway" \
        >>"$folder/silo-$1/output.log" 2>&1 </dev/null &
    remember "$folder/silo-$1/pid" $!
}

silo_state() {
    local admin state
    state=$(process_state "$folder/silo-$1/pid")
    case $state in
        "") echo stopped ;;
        T | t) echo paused ;;
        *)
            read -r _ admin _ <"$folder/silo-$1/ports"
            if [[ $(ask "$admin" 'GET /health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n') == HTTP/1.?\ 200* ]]; then
                echo serving
            else
                echo starting
            fi
            ;;
    esac
}

wait_until_serving() {
    local deadline=$((SECONDS + patience)) log=$folder/silo-$1/output.log
    until [[ $(silo_state "$1") == serving ]]; do
        is_running "$folder/silo-$1/pid" || fail_start "Silo $1 ended. The end of $log:"$'\n'"$(tail -n 5 "$log")"
        ((SECONDS < deadline)) || fail_start "Silo $1 does not serve after $patience seconds: see $log."
        sleep 0.1
    done
}

# Commands.

# A start that fails leaves nothing running; a run leaves the others alone.
fail_start() {
    [[ $command != start ]] || stop_all >/dev/null
    fail "$@"
}

start() {
    local silo port base=${KEEPER_BASE_PORT:-2181}
    [[ $silos =~ ^[1-9][0-9]?$ ]] || fail "--silos $silos: expected 1 to 99."
    { [[ $base =~ ^[1-9][0-9]{0,4}$ ]] && ((base + silos <= 65536)); } || fail "KEEPER_BASE_PORT=$base: expected a port."
    ! is_anything_running || fail "A cluster is running in $folder already: see ./cluster.sh status, or stop it."
    mkdir -p "$folder" || exit 1
    find_postgresql
    find_database_user
    for ((silo = 1; silo <= silos; silo++)); do
        port=$((base + silo - 1))
        ! is_port_taken "$port" || fail "Port $port, for silo $silo, is in use: choose others with KEEPER_BASE_PORT."
    done
    build_silo
    trap 'fail_start interrupted' INT TERM
    start_postgresql
    echo "$silos" >"$folder/silos"
    for ((silo = 1; silo <= silos; silo++)); do
        choose_ports "$silo" $((base + silo - 1))
        launch_silo "$silo"
    done
    for ((silo = 1; silo <= silos; silo++)); do
        wait_until_serving "$silo"
    done
    echo "Serving ZooKeeper clients on $(for ((port = base; port < base + silos; port++)); do echo "127.0.0.1:$port"; done | paste -sd,)."
    echo "Logs and data are in $folder; ./cluster.sh stop ends it."
}

status() {
    local silo pid port state sequencer
    (($(count_silos))) || fail "No cluster was started in $folder."
    for ((silo = 1; silo <= $(count_silos); silo++)); do
        read -r port _ <"$folder/silo-$silo/ports"
        state=$(silo_state "$silo")
        pid=-
        sequencer=no
        if [[ $state != stopped ]]; then
            read -r pid _ <"$folder/silo-$silo/pid"
        fi
        if [[ $state == serving && $(ask "$port" srvr) == *"Mode: leader"* ]]; then
            sequencer=yes
        fi
        echo "$silo pid=$pid port=$port state=$state sequencer=$sequencer"
    done
}

run() {
    local port
    is_running "$folder/postgresql.pid" || fail "The cluster in $folder is not started: its PostgreSQL does not run."
    if is_running "$pid_file"; then
        fail "Silo $number is $(silo_state "$number") already, as process $(cut -d' ' -f1 "$pid_file")."
    fi
    read -r port _ <"$folder/silo-$number/ports"
    ! is_port_taken "$port" || fail "Port $port, for silo $number, is in use."
    build_silo
    launch_silo "$number"
    wait_until_serving "$number"
}

send() { # signal
    is_running "$pid_file" || fail "Silo $number is not running."
    local is_paused=
    [[ $(process_state "$pid_file") != [Tt] ]] || is_paused=yes
    case $1 in
        TERM) [[ -z $is_paused ]] || fail "Silo $number is paused, and would not notice: resume it first." ;;
        STOP) [[ -z $is_paused ]] || fail "Silo $number is paused already." ;;
        CONT) [[ -n $is_paused ]] || fail "Silo $number is not paused." ;;
    esac
    signal "$1" "$pid_file" || fail "Silo $number cannot be sent a signal."
    case $1 in
        KILL | TERM) wait_until_ended "$patience" "$pid_file" || fail "Silo $number still runs after $patience seconds." ;;
        STOP) until [[ $(process_state "$pid_file") == [Tt] ]]; do sleep 0.01; done ;;
    esac
}

is_anything_running() {
    local file
    for file in "$folder"/silo-*/pid "$folder/postgresql.pid"; do
        ! is_running "$file" || return 0
    done
    return 1
}

stop_all() {
    local file
    for file in "$folder"/silo-*/pid; do
        if is_running "$file"; then
            signal TERM "$file"
            signal CONT "$file"
        fi
    done
    for file in "$folder"/silo-*/pid; do
        wait_until_ended 20 "$file" || signal KILL "$file"
        wait_until_ended 20 "$file"
    done
    file=$folder/postgresql.pid
    if is_running "$file"; then
        signal INT "$file"
        wait_until_ended 30 "$file" || signal QUIT "$file"
        wait_until_ended 30 "$file" || fail "PostgreSQL does not end: see $folder/postgresql.log."
    fi
}

command=${1-help}
shift
folder=$PWD/cluster
silos=3
number=
while (($#)); do
    case $1 in
        --folder) folder=${2:?"--folder needs a name"} && shift 2 ;;
        --silos) silos=${2:?"--silos needs a number"} && shift 2 ;;
        -*) fail "$1 is not an option: see ./cluster.sh help." ;;
        *) [[ -z $number ]] || fail "One silo at a time: $number or $1?"
            number=$1 && shift ;;
    esac
done
[[ $folder == /* ]] || folder=$caller/$folder
readonly data=$folder/postgresql

case $command in
    kill | term | pause | resume | run)
        [[ -n $number ]] || fail "Which silo? ./cluster.sh $command N"
        { [[ $number =~ ^[1-9][0-9]?$ ]] && ((number <= $(count_silos))); } ||
            fail "There is no silo $number in $folder: it has $(count_silos)."
        readonly pid_file=$folder/silo-$number/pid
        ;;
    *) [[ -z $number ]] || fail "$command is not for one silo: what is $number?" ;;
esac

case $command in
    start) start ;;
    status) status ;;
    kill) send KILL ;;
    term) send TERM ;;
    pause) send STOP ;;
    resume) send CONT ;;
    run) run ;;
    stop) stop_all ;;
    help | --help | -h) usage ;;
    *) fail "$command is not a command: see ./cluster.sh help." ;;
esac
