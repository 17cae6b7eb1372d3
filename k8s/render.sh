#!/usr/bin/env bash
# Renders k8s/base from the chart. HELM names the helm to use, 3.14 or newer.
set -euo pipefail
cd "$(dirname "$0")"

for base in hub roles; do
  "${HELM:-helm}" template qanat ../helm/qanat --namespace qanat --kube-version 1.30.0 --values "base/$base/values.yaml" |
    sed -e '/helm.sh\/chart:/d' -e '/app.kubernetes.io\/managed-by: Helm/d' >"base/$base/qanat.yaml"
done
