#!/bin/bash
# As in the published image: the first start on an empty folder makes the root user and runs the scripts of
# /docker-entrypoint-initdb.d on a server that nobody else can reach; then the server starts for good.
set -euo pipefail

[ "${1:0:1}" != - ] || set -- mongod "$@"

if [ "$1" = mongod ] && [ "$(id -u)" = 0 ]; then
    find /data/db /data/configdb ! -user mongodb -exec chown mongodb {} +
    exec setpriv --reuid mongodb --regid mongodb --clear-groups "$0" "$@"
fi

# The value of a variable, or of the file that NAME_FILE names.
value() {
    local file=$1_FILE
    if [ -n "${!1:-}" ] && [ -n "${!file:-}" ]; then
        echo "both $1 and $file are set" >&2
        exit 1
    fi
    if [ -n "${!file:-}" ]; then cat "${!file}"; else echo "${!1:-}"; fi
}

first_start() {
    local port=27117 server script user password
    user=$(value MONGO_INITDB_ROOT_USERNAME)
    password=$(value MONGO_INITDB_ROOT_PASSWORD)
    [ -n "$user$password" ] || compgen -G "/docker-entrypoint-initdb.d/*.js" >/dev/null || return 0
    if [ -z "$user" ] || [ -z "$password" ]; then
        echo "MONGO_INITDB_ROOT_USERNAME and MONGO_INITDB_ROOT_PASSWORD go together" >&2
        return 1
    fi
    mongod --bind_ip 127.0.0.1 --port "$port" &
    server=$!
    until mongosh --quiet --port "$port" --eval 'db.hello().ok' >/dev/null 2>&1; do
        kill -0 "$server" || return 1
        sleep 0.2
    done
    # Not as arguments, which everyone may read.
    NAME=$user PASSWORD=$password mongosh --quiet --port "$port" admin >/dev/null --eval '
        db.createUser({user: process.env.NAME, pwd: process.env.PASSWORD, roles: [{role: "root", db: "admin"}]})'
    for script in /docker-entrypoint-initdb.d/*.js; do
        [ ! -e "$script" ] || mongosh --quiet --port "$port" "${MONGO_INITDB_DATABASE:-test}" "$script"
    done
    kill "$server"
    wait "$server" || true
}

if [ "$1" = mongod ]; then
    [ -n "$(ls -A /data/db)" ] || first_start
    [[ " $* " == *" --bind_ip"* ]] || set -- "$@" --bind_ip_all
    if [ -n "$(value MONGO_INITDB_ROOT_USERNAME)" ] && [[ " $* " != *" --keyFile "* ]]; then set -- "$@" --auth; fi
fi
unset "${!MONGO_INITDB_@}"
exec "$@"
