.DEFAULT_GOAL := help
.PHONY: help run sandbox sandbox-wipe test lint bench

SERVERS = ./mvnw -q spring-boot:test-run -Dspring-boot.run.main-class=io.qanat.sandbox.SandboxServers

help: ## Says what there is to make
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

run: ## Runs the hub with the servers that it talks to
	./mvnw -q spring-boot:test-run

sandbox: ## Runs the servers without the hub
	$(SERVERS)

sandbox-wipe: ## The same, after deleting what the servers have kept
	$(SERVERS) -Dqanat.sandbox.wipe=true

test: ## Runs every test
	./mvnw verify

lint: ## Checks the format and the conventions
	./mvnw -q spotless:check test -Dtest='io.qanat.lint.**' -Dsurefire.failIfNoSpecifiedTests=false

bench: ## Measures
	./mvnw -Pbench verify
