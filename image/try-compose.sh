#!/usr/bin/env bash
# Starts compose.yaml, sends a contact, waits until the stand-in for Salesforce has it, and takes everything down again.
set -euo pipefail
cd "$(dirname "$0")/.."

down() {
  status=$?
  [ "$status" = 0 ] || docker compose logs --tail 100
  docker compose down --volumes --timeout 60
}
trap down EXIT

docker compose up --detach --build
for _ in $(seq 120); do
  curl -sf -o /dev/null http://127.0.0.1:8081/actuator/health/readiness && break
  sleep 1
done
outcome=$(curl -sf -X POST http://127.0.0.1:8080/contacts -H 'Content-Type: application/json' -H 'Prefer: wait=20' \
  -d '{"externalId":"c-1","firstName":"Ada","lastName":"Lovelace"}')
echo "$outcome"
[[ $outcome == *'"state":"delivered"'* ]]
curl -sf 'http://127.0.0.1:8089/__sim/records?object=Contact' | grep -q Lovelace
