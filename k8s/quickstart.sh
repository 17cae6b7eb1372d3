#!/usr/bin/env bash
# The hub and its servers on kind, from no cluster to the first event. Needs Docker, kind, kubectl and curl.
# `kind delete cluster --name qanat` takes all of it away.
set -euo pipefail
cd "$(dirname "$0")/.."

docker build --target hub --tag ghcr.io/qanat-io/qanat:0.1.0 .
docker build --target sandbox --tag ghcr.io/qanat-io/qanat-sandbox:0.1.0 .

kind create cluster --config k8s/overlays/local/kind.yaml
kind load docker-image --name qanat ghcr.io/qanat-io/qanat:0.1.0 ghcr.io/qanat-io/qanat-sandbox:0.1.0

kubectl --context kind-qanat apply -k k8s/overlays/local
for workload in statefulset/kafka statefulset/mongodb statefulset/postgresql deployment/salesforce deployment/qanat-hub; do
  kubectl --context kind-qanat --namespace qanat rollout status "$workload" --timeout 600s
done

curl -s -X POST http://127.0.0.1:8080/contacts -H 'Content-Type: application/json' -H 'Prefer: wait=10' \
  -d '{"externalId":"c-1","firstName":"Ada","lastName":"Lovelace","email":"ada@example.com"}'
curl -s 'http://127.0.0.1:8089/__sim/records?object=Contact'
