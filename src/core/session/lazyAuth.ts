import type { AuthService } from "./authService";

/** A service whose own client is loaded with the first call. */
export function lazyAuth(load: () => Promise<AuthService>): AuthService {
	let loaded: Promise<AuthService> | null = null;
	const service = () => {
		loaded ??= load();
		return loaded;
	};
	return {
		begin: async (redirectTo) => (await service()).begin(redirectTo),
		refresh: async (refreshToken) => (await service()).refresh(refreshToken),
		revoke: async (accessToken) => (await service()).revoke(accessToken),
	};
}
