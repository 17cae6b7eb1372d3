.DEFAULT_GOAL := help
.PHONY: help run sandbox sandbox-wipe seed-locations replay-old-clients test lint alerts bench lint-chart image compose-up compose-down k8s-it

HUB = http://127.0.0.1:8080
SERVERS = ./mvnw -q spring-boot:test-run -Dspring-boot.run.main-class=io.qanat.sandbox.SandboxServers

help: ## Says what there is to make
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

run: ## Runs the hub with the servers that it talks to
	./mvnw -q spring-boot:test-run

sandbox: ## Runs the servers without the hub
	$(SERVERS)

sandbox-wipe: ## The same, after deleting what the servers have kept
	$(SERVERS) -Dqanat.sandbox.wipe=true

seed-locations: ## Loads a small conference into the hub at $(HUB)
	java tools/locations/Import.java --url $(HUB) --people tools/locations/conference-people.csv --locations tools/locations/conference.csv

replay-old-clients: ## Calls the hub at $(HUB) as the clients of the replaced systems do
	node tools/old-clients/replay.mjs $(HUB)

test: ## Runs every test
	./mvnw verify

lint: ## Checks the format and the conventions
	./mvnw -q spotless:check test -Dtest='io.qanat.lint.**' -Dsurefire.failIfNoSpecifiedTests=false

alerts: ## Tries the alerts; needs Prometheus' promtool
	promtool check rules helm/qanat/alerts/qanat.rules.yaml
	promtool test rules helm/qanat/alerts/tests/*.yaml

lint-chart: ## Checks the chart in each mode of its ci folder
	for values in helm/qanat/ci/*-values.yaml; do helm lint --strict helm/qanat --values $$values || exit 1; done

image: ## Builds the images of the hub and of the stand-in for Salesforce
	docker compose build

compose-up: ## Runs the hub with real servers, in Docker
	docker compose up --build

compose-down: ## Ends that, and deletes what the servers have kept
	docker compose down --volumes

bench: ## Measures
	./mvnw -Pbench verify

k8s-it: ## Asks a Kubernetes API server of the chart and manifests, where its binaries are
	tools/k8s/it.sh
