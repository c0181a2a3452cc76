import type { FastifyPluginAsync } from "fastify";
import * as z from "zod/mini";
import type { Services } from "../app";
import { GithubApp, type RepositoryDoor } from "../github/githubApp";
import { GithubRefusal, toGithubProblem } from "../github/githubRefusal";
import { toldInstallation } from "../github/installationOf";
import { makeCommit } from "../github/makeCommit";
import { demandPush, signInService } from "../github/mayPush";
import { isOneTree, isTreePath } from "../github/treePath";
import { notFound, Problem } from "../problem";
import { branchName, byId, commitSha, text, words } from "./fields";
import { addUserRoute, demand } from "./userRoute";

const mostFiles = 100;
/** Of the whole request. */
const mostBytes = 8 << 20;

const path = z.string().check(z.refine(isTreePath, "is no path of a file in a repository"));
const files = z.array(z.object({ path, content: z.nullable(text(mostBytes)) })).check(
	z.minLength(1),
	z.maxLength(mostFiles),
	z.refine((given) => isOneTree(given.map((file) => file.path)), "has a file twice, or one that is another's folder"),
);

/** Commits that a person accepted, made by the GitHub App in their project's repository. */
export const commitRoutes =
	(services: Services): FastifyPluginAsync =>
	async (app) => {
		const { database, config, logger } = services;
		const github = config.githubApp && new GithubApp(config.githubApp);
		addUserRoute(
			app,
			services,
			{
				method: "POST",
				url: "/api/projects/:id/commits",
				summary: "Commit files on top of a branch, as the GitHub App; 409 with headSha where the branch has moved",
				params: byId,
				body: z.object({
					...{ branch: branchName, baseSha: commitSha, message: words(65_536), files },
					isNewBranch: z._default(z.boolean(), false),
				}),
				bodyLimit: mostBytes,
				status: 201,
				answer: z.object({ commitSha: z.string(), branch: z.string(), url: z.nullable(z.string()) }),
				problems: [403, 409, 413, 502, 503],
			},
			async ({ user, token, params, body, signal, run }) => {
				const project = await run(async (transaction) => {
					await demand(transaction, params.id, "write");
					const [row] = await transaction.query<{ repository: string; installation_id: string | null }>(
						"select repository, installation_id from projects where id = $1",
						[params.id],
					);
					return row;
				});
				if (!project) throw notFound();
				if (!github) throw new Problem(404, "This relay makes no commits: GITHUB_APP_ID is not set.");
				const { repository } = project;
				// Whoever owns a project writes its installation: only one person's own relay takes that for true.
				const written = config.auth.kind === "local" ? project.installation_id : null;
				try {
					const told = (await toldInstallation(database, repository)) ?? written;
					const door = await enter(github, told, repository, signal);
					const service = config.auth.kind === "supabase" ? signInService(config.auth) : null;
					if (service) await demandPush(door, service, token, repository, signal);
					const made = await makeCommit(door, body, signal);
					logger.info("a commit was made", { projectId: params.id, userId: user.id, commitSha: made.commitSha });
					return { ...made, branch: body.branch };
				} catch (error) {
					throw toGithubProblem(error, repository);
				}
			},
		);
	};

/** As the installation that was told of, or where that is none any more, as the one that GitHub names now. */
async function enter(
	github: GithubApp,
	told: string | null,
	repository: string,
	signal: AbortSignal,
): Promise<RepositoryDoor> {
	if (told !== null) {
		try {
			return await github.enter(told, repository, signal);
		} catch (error) {
			if (!(error instanceof GithubRefusal) || ![404, 422].includes(error.status)) throw error;
		}
	}
	const found = await github.findInstallation(repository, signal);
	if (found === null) throw new Problem(409, `The GitHub App is not installed on ${repository}: install it there.`);
	return github.enter(found, repository, signal);
}
