#!/bin/sh
# Writes key and chain into a Kubernetes secret of the type kubernetes.io/tls, which is created or replaced.
#
# Settings, KEY=value in STATE/credentials/hook-kubernetes-secret (mode 0600); all are optional:
#   KUBE_SECRET      its name (default: the certificate's, with '-' for '.' and '_')
#   KUBE_NAMESPACE   its namespace
#   KUBE_CONTEXT     the context of the configuration; KUBECONFIG names another file than the usual one
#   KUBECTL          the program, if it is not on PATH
# To install it for every certificate:
#   ln -s /usr/local/share/certo/hooks/deploy/kubernetes-secret.sh STATE/hooks/deploy/kubernetes-secret.sh
#   certo hooks test NAME
set -eu

kubectl=${KUBECTL:-kubectl}
if [ "${CERTO_HOOK-}" = check ]; then
  command -v "$kubectl" >/dev/null && exit 0
  printf 'kubernetes-secret: there is no program %s: set KUBECTL\n' "$kubectl" >&2
  exit 78
fi
secret=${KUBE_SECRET:-$(printf '%s' "$CERTO_NAME" | tr '._' '--' | sed 's/^-*//')}
set --
if [ -n "${KUBE_CONTEXT-}" ]; then set -- "$@" "--context=$KUBE_CONTEXT"; fi
if [ -n "${KUBE_NAMESPACE-}" ]; then set -- "$@" "--namespace=$KUBE_NAMESPACE"; fi

manifest=$("$kubectl" "$@" create secret tls "$secret" "--cert=$CERTO_FULLCHAIN_PATH" "--key=$CERTO_KEY_PATH" \
  --dry-run=client -o yaml)
printf '%s\n' "$manifest" | "$kubectl" "$@" apply -f -
