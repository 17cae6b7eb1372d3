#!/usr/bin/env bash
# Installs the chart into a Kubernetes API server without nodes, in every mode of helm/qanat/ci, and asks the server of each
# manifest, strictly and without keeping it. Needs kube-apiserver and etcd in KUBEBUILDER_ASSETS or on the PATH, kubectl,
# and helm (or HELM); where one is missing it says so and does nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."

PATH="${KUBEBUILDER_ASSETS:+$KUBEBUILDER_ASSETS:}$PATH"
HELM="${HELM:-helm}"
for program in kube-apiserver etcd kubectl openssl "$HELM"; do
  command -v "$program" >/dev/null || { echo "k8s-it: nothing done, there is no $program"; exit 0; }
done

folder="$(mktemp -d)"
pids=()
# An API server that has lost its etcd ends very late when it is asked to; there is nothing to keep.
stop() {
  for pid in "${pids[@]}"; do
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$folder"
}
trap stop EXIT

free_port() {
  local port
  while port=$((20000 + RANDOM % 20000)); (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
  echo "$port"
}

until_done() {
  for _ in $(seq 240); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.5
  done
  echo "k8s-it: gave up waiting for: $*" >&2
  tail -n 5 "$folder"/*.log >&2
  return 1
}

etcd="http://127.0.0.1:$(free_port)"
peer="http://127.0.0.1:$(free_port)"
server="$(free_port)"
openssl genrsa -out "$folder/accounts.key" 2048 2>/dev/null
echo "it,it,it,system:masters" >"$folder/tokens.csv"

etcd --data-dir "$folder/etcd" --unsafe-no-fsync --listen-client-urls "$etcd" --advertise-client-urls "$etcd" \
  --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "default=$peer" >"$folder/etcd.log" 2>&1 &
pids+=($!)
kube-apiserver --bind-address 127.0.0.1 --secure-port "$server" --cert-dir "$folder/certs" --etcd-servers "$etcd" \
  --token-auth-file "$folder/tokens.csv" --authorization-mode RBAC --service-cluster-ip-range 10.0.0.0/24 \
  --service-account-issuer https://kubernetes.default.svc --service-account-key-file "$folder/accounts.key" \
  --service-account-signing-key-file "$folder/accounts.key" --disable-admission-plugins ServiceAccount \
  >"$folder/kube-apiserver.log" 2>&1 &
pids+=($!)

export KUBECONFIG="$folder/kubeconfig"
cat >"$KUBECONFIG" <<EOF
apiVersion: v1
kind: Config
clusters: [{name: it, cluster: {server: "https://127.0.0.1:$server", insecure-skip-tls-verify: true}}]
users: [{name: it, user: {token: it}}]
contexts: [{name: it, context: {cluster: it, user: it, namespace: qanat}}]
current-context: it
EOF
until_done kubectl get --raw /readyz
until_done kubectl get namespace default
kubectl version | tail -n 1

kubectl apply --server-side -f src/test/resources/crds >/dev/null
kubectl wait --for=condition=Established --timeout=60s -f src/test/resources/crds >/dev/null

kubectl create namespace qanat >/dev/null
kubectl label namespace qanat pod-security.kubernetes.io/enforce=restricted >/dev/null
# Where strimzi-values.yaml says that Kafka is.
kubectl create namespace kafka >/dev/null

ask() {
  local what="$1" said
  if ! said="$(kubectl apply --server-side --dry-run=server --validate=strict -f - 2>&1)"; then
    echo "k8s-it: $what is refused" >&2
    grep -v 'serverside-applied' <<<"$said" >&2
    return 1
  fi
  if grep -i '^warning' <<<"$said" >&2; then
    echo "k8s-it: $what is warned of" >&2
    return 1
  fi
  echo "k8s-it: $what: $(grep -c 'serverside-applied' <<<"$said") objects taken"
}

versions="$(kubectl api-versions | sed 's/^/--api-versions=/')"
for values in helm/qanat/ci/*-values.yaml; do
  # shellcheck disable=SC2086
  "$HELM" template qanat helm/qanat --namespace qanat --kube-version 1.30.0 $versions --values "$values" | ask "$values"
done
for folder_of in kamelets k8s/camel-k/hub k8s/camel-k/contacts k8s/camel-k/payment-simulator k8s/camel-k/purchases-pipe \
  k8s/secrets/external k8s/secrets/sealed k8s/overlays/local k8s/overlays/production; do
  kubectl kustomize "$folder_of" | ask "$folder_of"
done

# Each key of a Secret that is missing is named before anything is installed; here it is made then, until none is missing.
kubectl create serviceaccount default --namespace qanat >/dev/null
asked=""
until said="$("$HELM" upgrade qanat helm/qanat --install --dry-run=server --namespace qanat --no-hooks --values helm/qanat/ci/keda-values.yaml \
  --set kafka.tls.existingSecret=ca,kafka.clientCertificate.existingSecret=client \
  --set mongodb.uri=,mongodb.existingSecret=mongodb 2>&1)"; do
  if [[ "$said" =~ no\ Secret\ ([a-z0-9-]+), ]]; then
    kubectl create secret generic "${BASH_REMATCH[1]}" --namespace qanat >/dev/null
  elif [[ "$said" =~ the\ Secret\ ([a-z0-9-]+)\ .*\ has\ no\ key\ ([A-Za-z0-9.-]+), ]]; then
    asked+=" ${BASH_REMATCH[1]}/${BASH_REMATCH[2]}"
    kubectl patch secret "${BASH_REMATCH[1]}" --namespace qanat --patch "{\"stringData\":{\"${BASH_REMATCH[2]}\":\"x\"}}" >/dev/null
  else
    echo "k8s-it: $said" >&2
    exit 1
  fi
done
for key in qanat-kafka/username qanat-kafka/password ca/ca.crt client/user.p12 client/user.crt client/user.key mongodb/uri; do
  [[ " $asked " == *" $key "* ]] || { echo "k8s-it: the chart does not ask for $key, only for$asked" >&2; exit 1; }
done
echo "k8s-it: asked for$asked"

# Nothing runs Jobs here, so install without hooks.
"$HELM" install qanat helm/qanat --namespace qanat --values helm/qanat/ci/split-roles-values.yaml --set checkSecrets=false \
  --no-hooks --wait=false >/dev/null
"$HELM" upgrade qanat helm/qanat --namespace qanat --values helm/qanat/ci/default-values.yaml --set checkSecrets=false \
  --no-hooks --wait=false >/dev/null
kubectl get deployments --namespace qanat --output name
"$HELM" uninstall qanat --namespace qanat --no-hooks >/dev/null
left="$(kubectl get all,configmaps,networkpolicies,poddisruptionbudgets --namespace qanat --output name | grep qanat || true)"
[ -z "$left" ] || { echo "k8s-it: left behind: $left" >&2; exit 1; }
echo "k8s-it: installed, upgraded and uninstalled"
