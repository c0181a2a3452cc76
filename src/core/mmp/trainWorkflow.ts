/** Variables of the repository at GitHub that the workflow reads; none of them is a secret. */
export const workflowVariables = {
	GAMMA_AWS_ROLE: "ARN of the AWS role that the workflow takes on, such as arn:aws:iam::123456789012:role/gamma-submit",
	GAMMA_AWS_REGION: "AWS region that trains, such as eu-central-1",
	GAMMA_PACKAGE: "where npm finds the gamma command: the address of its package, or git+https://… of its repository",
} as const;

/** Actions by commit: a tag can be moved to other code. */
const actions = {
	checkout: "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0",
	node: "actions/setup-node@a0853c24544627f65ddf259abe73b1d18a591444 # v5.0.0",
	aws: "aws-actions/configure-aws-credentials@b47578312673ae6fa5b5096b330d9fbac3d116df # v4.2.1",
} as const;

/** `${{ … }}` of GitHub Actions. */
const variable = (name: keyof typeof workflowVariables) => `\${{ vars.${name} }}`;
/** In the shell: an empty variable ends the step with this sentence. */
const demanded = (name: keyof typeof workflowVariables) => `\${${name}:?is not set, see .gamma/README.md}`;

/**
 * The workflow that hands each push to SageMaker. One run per commit at a time and none is cancelled, since every push is a
 * job; it ends once the training is submitted, and the relay hears from SageMaker how it goes on.
 */
export function trainWorkflow(): string {
	return `# A push to \`models\` or \`models/*\` is one training in SageMaker (MMP: Main, Models, Push).
# What it needs, once: .gamma/README.md. What it trains: .gamma/train.json.
name: Train

on:
  push:
    branches:
      - models
      - "models/**"

permissions: {}

concurrency:
  group: train-\${{ github.ref }}-\${{ github.sha }}
  cancel-in-progress: false

jobs:
  submit:
    name: Submit the training
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    permissions:
      contents: read # to read the commit
      id-token: write # to sign in to AWS without a stored key
    steps:
      - name: Check out the commit
        uses: ${actions.checkout}
        with:
          persist-credentials: false

      - name: Set up Node.js
        uses: ${actions.node}
        with:
          node-version: 24
          package-manager-cache: false

      - name: Install the gamma command
        env:
          GAMMA_PACKAGE: ${variable("GAMMA_PACKAGE")}
        # A training repository has no lockfile of npm; the variable says which package, by address and version.
        run: npm install --global --no-audit --no-fund "${demanded("GAMMA_PACKAGE")}" # zizmor: ignore[adhoc-packages]

      - name: Sign in to AWS
        uses: ${actions.aws}
        with:
          role-to-assume: ${variable("GAMMA_AWS_ROLE")}
          aws-region: ${variable("GAMMA_AWS_REGION")}

      # With --wait the workflow lasts as long as the training; raise timeout-minutes and the role's session with it.
      - name: Submit the training
        run: gamma submit --target sagemaker
`;
}
