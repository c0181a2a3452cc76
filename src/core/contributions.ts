import { runColours } from "../shared/palette";
import type { JobNoticeLevel } from "./jobs/jobEnds";
import type { Grouping } from "./runs/runChoices";

/**
 * Everything package.json contributes, named once. A test (test/unit/contributions.test.ts) demands equality both ways:
 * what is here and not there, or there and not here, fails.
 */

export const extensionId = "gamma-ml.gamma";

/** Of the account in the Accounts menu. */
export const authenticationId = "gamma";

/** Where a browser comes back to from a sign-in: `vscode://gamma-ml.gamma/auth/callback`. */
export const callbackPath = "/auth/callback";

export const commandNames = [
	"setAgentKey",
	"forgetAgentKey",
	"showAgentKey",
	"openAgent",
	"newConversation",
	"stopAgent",
	"askAboutSelection",
	"addToChat",
	"askAboutRun",
	"askAboutJob",
	"askAboutMetric",
	"openCharts",
	"openTable",
	"compare",
	"openRun",
	"previewRun",
	"showOnCharts",
	"compareRuns",
	"whyDidItChange",
	"toggleChecked",
	"check",
	"uncheck",
	"checkNewest",
	"uncheckAll",
	"setBaseline",
	"clearBaseline",
	"groupBy",
	"sortBy",
	"removeSort",
	"flipSort",
	"addFilter",
	"editFilter",
	"removeFilter",
	"clearFilters",
	"showDeleted",
	"hideDeleted",
	"chooseMetrics",
	"showMore",
	"refresh",
	"retryStore",
	"allowServer",
	"connectServer",
	"disconnectServer",
	"openStoreFolder",
	"openStoreFile",
	"openViewer",
	"openPolicyAtStep",
	"saveViewerPicture",
	"openWithGamma",
	"closeStore",
	"openCodeDiff",
	"openCommit",
	"openUncommittedDiff",
	"checkOutCommit",
	"generateSummary",
	"openRunOfCommit",
	"openActiveRuns",
	"copyName",
	"copyId",
	"copyCommit",
	"copyArtifactUri",
	"copyRunUri",
	"copyParamsYaml",
	"copyParamsJson",
	"copyLink",
	"openWalkthrough",
	"showLog",
	"signIn",
	"signOut",
	"connectRelay",
	"startLocalRelay",
	"stopLocalRelay",
	"showRelayLog",
	"setUpProject",
	"addProposedFiles",
	"createGithubApp",
	"acceptEdit",
	"rejectEdit",
	"acceptFileEdits",
	"rejectFileEdits",
	"acceptAllEdits",
	"rejectAllEdits",
	"nextEdit",
	"previousEdit",
	"openEdits",
	"restoreEdits",
	"dismissEdits",
	"commitEdits",
	"editSelection",
	"chooseAwsProfile",
	"signInToAws",
	"copyAwsPolicy",
	"retryAws",
	"previewJob",
	"openActiveJob",
	"showJobOnCharts",
	"pinJob",
	"unpinJob",
	"refreshJobs",
	"signInToGithub",
	"addRelay",
	"addProject",
	"editProject",
	"showMembers",
	"removeProject",
	"openProjectOnForge",
	"copyUserId",
	"refreshProjects",
	"openJob",
	"showJobLog",
	"followJobLog",
	"downloadJobLog",
	"rerunWorkflow",
	"rerunFailedJobs",
	"cancelWorkflow",
	"stopJob",
	"retryJob",
	"rerunJob",
	"openJobCommit",
	"openJobOnGitHub",
	"compareJobToBaseline",
	"cloneTraining",
	"openTrainingInConsole",
	"copyTrainingArn",
	"copyTrainingName",
	"copyJobId",
	"copyJobCommit",
	"previewArtifact",
	"downloadArtifacts",
	"uploadArtifacts",
	"copyArtifactS3Uri",
	"copyArtifactRunUri",
	"copyArtifactLink",
	"compareCheckpoints",
	"openArtifactInViewer",
	"deleteArtifact",
	"continueFromCheckpoint",
	"sortArtifacts",
	"filterArtifacts",
	"clearArtifactFilter",
	"chooseArtifactMetric",
	"searchArtifacts",
	"addArtifactPlace",
	"removeArtifactPlace",
	"refreshArtifacts",
	"showMoreArtifacts",
	"addWatchRule",
	"editWatchRule",
	"removeWatchRule",
	"explainInsight",
	"fixInsight",
	"openInsight",
] as const;

export type CommandName = (typeof commandNames)[number];

export function commandId(name: CommandName): `gamma.${CommandName}` {
	return `gamma.${name}`;
}

export const viewContainer = "gamma";
/** In the secondary side bar, with the one view of the agent. */
export const agentContainer = "gammaAgent";
export const agentView = "gamma.agent";
export const views = {
	jobs: "gamma.jobs",
	runs: "gamma.runs",
	filters: "gamma.filters",
	edits: "gamma.edits",
	artifacts: "gamma.artifacts",
	watch: "gamma.watch",
	projects: "gamma.projects",
} as const;

/** Setting keys below `gamma.`, with their defaults. */
/** Those of the agent's tools that other agents of the editor may use; each is `gamma_…` there. */
export const lentTools = [
	"list_runs",
	"read_run",
	"compare_runs",
	"read_metric",
	"list_artifacts",
	"list_jobs",
	"read_job",
	"read_job_log",
] as const;
export type LentTool = (typeof lentTools)[number];
/** What starts `gamma mcp` for the editor. */
export const mcpProviderId = "gamma.mcp";
/** `@gamma` in the editor's own chat. */
export const chatParticipantId = "gamma.chat";

export const settingDefaults = {
	stores: [] as readonly string[],
	"mlflow.trackingUri": "",
	"mlflow.headers": {} as Readonly<Record<string, Readonly<Record<string, string>>>>,
	"relay.url": "",
	"relay.supabaseUrl": "",
	"relay.supabaseAnonKey": "",
	"agent.baseUrl": "",
	"agent.model": "",
	"aws.profile": "",
	"aws.region": "",
	"aws.endpoint": "",
	"aws.prices": {} as Readonly<Record<string, number>>,
	"runs.groupBy": "experiment" as Grouping,
	"runs.shownMetrics": [] as readonly string[],
	refreshSeconds: 30,
	"viewer.openModels": "ask" as ModelOpening,
	"watch.rules": [] as readonly string[],
	"watch.notices": true,
	"notices.runEnded": true,
	"notices.jobEnded": "all" as JobNoticeLevel,
	"notices.mutedBranches": [] as readonly string[],
} as const;

/** What happens when an XML file that is a MuJoCo model is opened as text: one asks once, opens the viewer, or leaves it so. */
export const modelOpenings = ["ask", "viewer", "text"] as const;
export type ModelOpening = (typeof modelOpenings)[number];

export type SettingKey = keyof typeof settingDefaults;

/**
 * Settings that name where requests go or carry what opens doors. No workspace may set them, so their scope is `machine`
 * or `application`.
 */
export const personalSettings: readonly SettingKey[] = [
	"mlflow.trackingUri",
	"mlflow.headers",
	"relay.url",
	"relay.supabaseUrl",
	"relay.supabaseAnonKey",
	"aws.profile",
	"aws.region",
	"aws.endpoint",
	"agent.baseUrl",
	"agent.model",
];

/** What the runs view is, where it is not a list of runs; each has a welcome text with its remedy. */
export const viewStates = ["noFolder", "searching", "noStores", "untrusted", "noRuns", "noMatch", "ready"] as const;
export type ViewState = (typeof viewStates)[number];

/** What the jobs view is, where it holds no job; each has a welcome text with its remedy. */
export const jobsViewStates = [
	"noFolder",
	"untrusted",
	"reading",
	"noRepository",
	"noModels",
	"noPushes",
	"failed",
	"signedOut",
	"connecting",
	"offline",
	"noJobs",
	"noProject",
	"ready",
] as const;
export type JobsViewState = (typeof jobsViewStates)[number];

/** What the projects view is, where it is no list. */
export const projectsViewStates = [
	"untrusted",
	"noRelay",
	"signedOut",
	"reading",
	"failed",
	"noProjects",
	"ready",
] as const;
export type ProjectsViewState = (typeof projectsViewStates)[number];

/** What the artifacts view is: `empty` where there is neither a run nor a bucket nor a folder. */
export type ArtifactsViewState = "empty" | "ready";

/** Context keys that `when` clauses ask for, with what they hold. */
export interface ContextValues {
	"gamma.state": ViewState;
	"gamma.checkedCount": number;
	"gamma.hasBaseline": boolean;
	"gamma.hasFilters": boolean;
	"gamma.showsDeleted": boolean;
	"gamma.hasRepository": boolean;
	"gamma.hasServers": boolean;
	"gamma.hasRunning": boolean;
	"gamma.jobsState": JobsViewState;
	/** There is no relay, and GitHub could be asked. */
	"gamma.githubSignedOut": boolean;
	"gamma.projectsState": ProjectsViewState;
	"gamma.artifactsState": ArtifactsViewState;
	/** Artifacts are filtered by their names. */
	"gamma.artifactsFiltered": boolean;
	/** The relay has no project of this clone. */
	"gamma.canAddProject": boolean;
	/** The log in front is followed to its end. */
	"gamma.followsLog": boolean;
	/** The walkthrough takes up only what changes while it is shown; this makes the rest a change. */
	"gamma.walkthroughShown": boolean;
	/** What setting up MMP would add is open for review. */
	"gamma.reviewsSetup": boolean;
	/** There are proposed edits, decided or not. */
	"gamma.edits.any": boolean;
	/** The editor in front shows a file of which an edit waits. */
	"gamma.edits.here": boolean;
	/** Accepted edits are in no commit yet. */
	"gamma.edits.uncommitted": boolean;
}

export const contextKeys = [
	"gamma.state",
	"gamma.checkedCount",
	"gamma.hasBaseline",
	"gamma.hasFilters",
	"gamma.showsDeleted",
	"gamma.hasRepository",
	"gamma.hasServers",
	"gamma.hasRunning",
	"gamma.jobsState",
	"gamma.githubSignedOut",
	"gamma.projectsState",
	"gamma.artifactsState",
	"gamma.artifactsFiltered",
	"gamma.canAddProject",
	"gamma.followsLog",
	"gamma.walkthroughShown",
	"gamma.reviewsSetup",
	"gamma.edits.any",
	"gamma.edits.here",
	"gamma.edits.uncommitted",
] as const satisfies readonly (keyof ContextValues)[];

/** The theme colour of a palette slot; dashed slots share the colour of the plain ones. */
export function runColourId(slot: number): string {
	return `gamma.run${slot % runColours.length}`;
}

export const walkthroughId = "gamma.start";
