import type { RepositoryFacts } from "./repositoryFacts";
import { setupPaths } from "./setupPaths";
import { workflowVariables } from "./trainWorkflow";

/** `.gamma/README.md`: what a push does, and what to do once. */
export function setupGuide(facts: RepositoryFacts): string {
	const repository = facts.repository ?? "OWNER/NAME";
	const requirements = facts.hasRequirements
		? "`requirements.txt` is installed in the container before the training."
		: "A `requirements.txt`, once there is one, is installed in the container before the training.";
	return `# Training by push

A push to \`models\` or \`models/…\` is one training (MMP: Main, Models, Push).
\`${setupPaths.settings}\` says what trains; VS Code completes and explains its keys.

## On your own machine

\`\`\`
gamma relay                                 # says its address and token
gamma runner --relay URL --token TOKEN      # trains what is pushed
gamma submit --target local                 # trains what is checked out, without a push
\`\`\`

In VS Code, **Gamma: Start Local Relay** does the first of these.

## In SageMaker

${facts.submittingWorkflow ? `\`${facts.submittingWorkflow}\`` : `\`${setupPaths.workflow}\``} submits each push. It signs in to AWS by OpenID Connect: no key is stored anywhere. Once:

1. Fill in \`sagemaker\` in \`${setupPaths.settings}\`. ${requirements}
   The code is in the working folder; what is written to \`/opt/ml/model\` and \`/opt/ml/checkpoints\` is kept in the bucket.
2. Make a role for the workflow that trusts this repository's branches of models only:

   \`\`\`json
${indent(trustPolicy(repository))}
   \`\`\`

   and may do this and no more (\`TRAINING_ROLE\` is \`sagemaker.role\`, \`BUCKET\` is \`sagemaker.bucket\`):

   \`\`\`json
${indent(submitPolicy())}
   \`\`\`

3. Set these variables of the repository (Settings, Secrets and variables, Actions, Variables):

${Object.entries(workflowVariables)
	.map(([name, meaning]) => `   - \`${name}\`: ${meaning}`)
	.join("\n")}

4. Send SageMaker's state changes to the relay: a rule of EventBridge for \`SageMaker Training Job State Change\`, with the
   relay's \`/api/webhooks/aws\` as an API destination and its secret in the header \`X-Gamma-Secret\`.
`;
}

function trustPolicy(repository: string): unknown {
	const issuer = "token.actions.githubusercontent.com";
	return {
		Version: "2012-10-17",
		Statement: [
			{
				Effect: "Allow",
				Principal: { Federated: `arn:aws:iam::ACCOUNT:oidc-provider/${issuer}` },
				Action: "sts:AssumeRoleWithWebIdentity",
				Condition: {
					StringEquals: { [`${issuer}:aud`]: "sts.amazonaws.com" },
					StringLike: {
						[`${issuer}:sub`]: [
							`repo:${repository}:ref:refs/heads/models`,
							`repo:${repository}:ref:refs/heads/models/*`,
						],
					},
				},
			},
		],
	};
}

function submitPolicy(): unknown {
	return {
		Version: "2012-10-17",
		Statement: [
			{
				Effect: "Allow",
				Action: ["sagemaker:CreateTrainingJob", "sagemaker:DescribeTrainingJob", "sagemaker:AddTags"],
				Resource: "arn:aws:sagemaker:REGION:ACCOUNT:training-job/*",
			},
			{
				Effect: "Allow",
				Action: "iam:PassRole",
				Resource: "TRAINING_ROLE",
				Condition: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
			},
			{ Effect: "Allow", Action: "s3:PutObject", Resource: "arn:aws:s3:::BUCKET/*" },
		],
	};
}

function indent(json: unknown): string {
	return JSON.stringify(json, null, 2).replaceAll(/^/gm, "   ");
}
