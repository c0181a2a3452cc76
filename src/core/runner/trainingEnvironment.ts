type Environment = Readonly<Record<string, string | undefined>>;

/** Gamma's own secrets, and the places of whatever repository the runner was started from. */
const withheld =
	/^(GAMMA_(TOKEN|LOCAL_TOKEN)|(GITHUB|AWS_EVENTS)_\w*SECRET(_BEFORE)?|GITHUB_APP_PRIVATE_KEY|SUPABASE_JWT_SECRET|GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|PREFIX))$/;

/** What a training gets of its runner's environment: nothing that holds the relay's token. */
export function trainingEnvironment(environment: Environment, token: string): Environment {
	return Object.fromEntries(
		Object.entries(environment).filter(([name, value]) => !withheld.test(name) && !value?.includes(token)),
	);
}
