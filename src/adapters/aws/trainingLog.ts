import type { AwsAccess } from "../../core/aws/awsAccess";
import type { AwsChoice } from "../../core/aws/awsChoice";
import { type LogStreams, MergedStreams } from "../../core/jobs/mergedStreams";
import { GammaError } from "../../shared/errors";
import { AwsClients } from "./awsClients";
import { CloudwatchLog } from "./cloudwatchLog";

/** One for each choice of account and region: credentials are looked up once, however many logs are read. */
const clients = new WeakMap<AwsChoice, AwsClients>();

/**
 * The log of a training in SageMaker, asked for with the account of now. Where AWS cannot be asked it is not, and what keeps
 * it from answering is told to `access`.
 */
export function trainingLog(access: AwsAccess, trainingName: string): MergedStreams {
	const ask = async <T>(question: (log: LogStreams) => Promise<T>): Promise<T> => {
		const { choice, state } = access;
		if ("reason" in state) throw new GammaError("aws.refused", state.reason);
		const made = clients.get(choice) ?? new AwsClients(choice);
		clients.set(choice, made);
		try {
			const answer = await question(new CloudwatchLog(made.logs, trainingName));
			access.succeeded();
			return answer;
		} catch (error) {
			access.failed(error);
			throw error;
		}
	};
	return new MergedStreams({
		names: (signal) => ask((log) => log.names(signal)),
		page: (name, token, signal) => ask((log) => log.page(name, token, signal)),
	});
}
