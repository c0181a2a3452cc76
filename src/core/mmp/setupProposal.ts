import { type Blank, blanksOf, proposeTrainFile } from "./proposedTrainFile";
import { type RepositoryFacts, type RepositoryFiles, readFacts } from "./repositoryFacts";
import { setupGuide } from "./setupGuide";
import { setupPaths } from "./setupPaths";
import { trainWorkflow, workflowVariables } from "./trainWorkflow";

export interface ProposedFile {
	readonly path: string;
	readonly text: string;
	/** What is there now; null where the file is new. A file that is there is shown beside this one and left as it is. */
	readonly existing: string | null;
	readonly state: "new" | "same" | "differs";
}

export interface SetupProposal {
	readonly files: readonly ProposedFile[];
	/** What to write into `.gamma/train.json`. */
	readonly blanks: readonly Blank[];
	/** Variables to set at GitHub, with what they say; none where no workflow of Gamma's is added. */
	readonly variables: Readonly<Record<string, string>>;
	/** Why something that one may expect is not proposed, and what to look at. */
	readonly notes: readonly string[];
}

/** What setting up MMP would add to this repository. Nothing is written here. */
export function proposeSetup(facts: RepositoryFacts): SetupProposal {
	const { existing, submittingWorkflow } = facts;
	const written = existing.get(setupPaths.settings);
	const settings = proposeTrainFile(facts);
	const toFile = (path: string, text: string): ProposedFile => {
		const there = existing.get(path) ?? null;
		return { path, text, existing: there, state: there === null ? "new" : there === text ? "same" : "differs" };
	};
	return {
		files: [
			...(submittingWorkflow === null ? [toFile(setupPaths.workflow, trainWorkflow())] : []),
			toFile(setupPaths.settings, settings),
			toFile(setupPaths.guide, setupGuide(facts)),
		],
		blanks: blanksOf(written ?? settings, facts.script),
		variables: submittingWorkflow === null ? workflowVariables : {},
		notes: [
			...(submittingWorkflow === null
				? []
				: [`${submittingWorkflow} submits trainings already: ${setupPaths.workflow} is left out.`]),
			...(facts.script === null && written === undefined
				? ["No train.py was found: say in .gamma/train.json what trains."]
				: []),
		],
	};
}

/** `proposeSetup` for what lies in a work tree. */
export async function proposeFor(
	files: RepositoryFiles,
	known: Pick<RepositoryFacts, "repository" | "folderName">,
): Promise<SetupProposal> {
	return proposeSetup(await readFacts(files, known));
}
