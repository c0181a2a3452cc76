export const mujocoInNode: {
	readonly define: Record<string, string>;
	readonly banner: Record<string, string>;
};
