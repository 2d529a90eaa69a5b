#!/bin/sh
# Copies the certificate into the running containers that have a label, and restarts or signals them.
#
# Settings, KEY=value in STATE/credentials/hook-docker (mode 0600); all are optional:
#   DOCKER             the program (default: docker; podman works too)
#   DOCKER_LABEL       containers with this label (default: certo.name=NAME, the certificate's)
#   DOCKER_KEY_FILE, DOCKER_CERT_FILE, DOCKER_CHAIN_FILE, DOCKER_FULLCHAIN_FILE
#                      their paths in the container; a file without a path is not copied
#   DOCKER_EXEC        a shell command to run in the container
#   DOCKER_SIGNAL      a signal to send, for example HUP
#   Without the last two, the container is restarted.
# To install it for every certificate:
#   ln -s /usr/local/share/certo/hooks/deploy/docker.sh STATE/hooks/deploy/docker.sh
#   certo hooks test NAME
set -eu

docker=${DOCKER:-docker}
label=${DOCKER_LABEL:-certo.name=$CERTO_NAME}
if [ "${CERTO_HOOK-}" = check ]; then
  command -v "$docker" >/dev/null && exit 0
  printf 'docker: there is no program %s: set DOCKER\n' "$docker" >&2
  exit 78
fi

# copy FILE CONTAINER TARGET
copy() {
  [ -z "$3" ] || "$docker" cp -L "$1" "$2:$3"
}

containers=$("$docker" ps -q --filter "label=$label")
for container in $containers; do
  copy "$CERTO_KEY_PATH" "$container" "${DOCKER_KEY_FILE-}"
  copy "$CERTO_CERT_PATH" "$container" "${DOCKER_CERT_FILE-}"
  copy "$CERTO_CHAIN_PATH" "$container" "${DOCKER_CHAIN_FILE-}"
  copy "$CERTO_FULLCHAIN_PATH" "$container" "${DOCKER_FULLCHAIN_FILE-}"
  if [ -n "${DOCKER_EXEC-}" ]; then
    "$docker" exec "$container" sh -c "$DOCKER_EXEC"
  elif [ -n "${DOCKER_SIGNAL-}" ]; then
    "$docker" kill --signal "$DOCKER_SIGNAL" "$container"
  else
    "$docker" restart "$container"
  fi
done
