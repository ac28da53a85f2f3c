#!/bin/sh
# Fills in the templates. As in the real image only variables that are set are put in: nginx's own, like $uri, stay.
set -e
from=${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}
to=${NGINX_ENVSUBST_OUTPUT_DIR:-/etc/nginx/conf.d}
suffix=${NGINX_ENVSUBST_TEMPLATE_SUFFIX:-.template}

[ -d "$from" ] || exit 0
[ -w "$to" ] || { echo "$0: can not write to $to" >&2; exit 0; }

names=$(env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p' | grep -E "${NGINX_ENVSUBST_FILTER:-}" | sed 's/.*/${&}/' | tr '\n' ' ')
find "$from" -follow -type f -name "*$suffix" | while read -r template; do
    file=$to/${template#"$from"/}
    file=${file%"$suffix"}
    mkdir -p "$(dirname "$file")"
    envsubst "$names" <"$template" >"$file"
done
