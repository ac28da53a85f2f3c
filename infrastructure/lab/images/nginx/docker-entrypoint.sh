#!/bin/sh
# Runs every script of the folder before nginx, as the real image does.
set -e
if [ "$1" = nginx ]; then
    for script in /docker-entrypoint.d/*.sh; do
        "$script"
    done
fi
exec "$@"
