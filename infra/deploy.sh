#!/usr/bin/env bash
# What the deploy workflow does with ECS. NAME (gamma-dev), CLUSTER, REGISTRY and TAG say where and what; migrate also wants
# SUBNETS (with commas) and GROUP. `deploy.sh migrate`, `deploy.sh roll relay|mlflow`.
set -euo pipefail
# In $(…) too.
shopt -s inherit_errexit

# A task definition as the newest of its family, with the image of this tag. Prints its ARN.
register() {
	local family="$NAME-$1" image="$REGISTRY/$NAME/$1:$TAG"
	aws ecs describe-task-definition --task-definition "$family" --query taskDefinition --output json |
		jq --arg image "$image" '.containerDefinitions[0].image = $image
			| {family, taskRoleArn, executionRoleArn, networkMode, containerDefinitions, volumes, requiresCompatibilities, cpu, memory, runtimePlatform}
			| with_entries(select(.value != null))' >"$work/task.json"
	aws ecs register-task-definition --cli-input-json "file://$work/task.json" \
		--query taskDefinition.taskDefinitionArn --output text
}

migrate() {
	local definition task code
	definition=$(register relay)
	task=$(aws ecs run-task --cluster "$CLUSTER" --launch-type FARGATE --task-definition "$definition" \
		--network-configuration "awsvpcConfiguration={subnets=[$SUBNETS],securityGroups=[$GROUP],assignPublicIp=DISABLED}" \
		--overrides '{"containerOverrides":[{"name":"relay","command":["/app/server/main.js","--migrate"]}]}' \
		--query 'tasks[0].taskArn' --output text)
	aws ecs wait tasks-stopped --cluster "$CLUSTER" --tasks "$task"
	code=$(aws ecs describe-tasks --cluster "$CLUSTER" --tasks "$task" --query 'tasks[0].containers[0].exitCode' --output text)
	if [ "$code" != 0 ]; then
		echo "The migration ended with $code: its log is in /gamma/$NAME/relay. Nothing was rolled out." >&2
		exit 1
	fi
}

roll() {
	local definition running
	definition=$(register "$1")
	aws ecs update-service --cluster "$CLUSTER" --service "$1" --task-definition "$definition" >/dev/null
	aws ecs wait services-stable --cluster "$CLUSTER" --services "$1"
	running=$(aws ecs describe-services --cluster "$CLUSTER" --services "$1" --query 'services[0].taskDefinition' --output text)
	if [ "$running" != "$definition" ]; then
		echo "The new $1 did not become healthy: what ran before runs again. Its log is in /gamma/$NAME/$1." >&2
		exit 1
	fi
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
case "${1:-} ${2:-}" in
"migrate ") migrate ;;
"roll relay" | "roll mlflow") roll "$2" ;;
*)
	echo "usage: deploy.sh migrate | deploy.sh roll relay|mlflow" >&2
	exit 2
	;;
esac
