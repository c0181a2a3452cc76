import type { FastifyPluginAsync } from "fastify";
import type { Services } from "../app";
import { agentRoutes } from "./agentRoutes";
import { artifactRoutes } from "./artifactRoutes";
import { commentRoutes } from "./commentRoutes";
import { commitRoutes } from "./commitRoutes";
import { conversationRoutes } from "./conversationRoutes";
import { eventRoutes } from "./eventRoutes";
import { jobRoutes } from "./jobRoutes";
import { logRoutes } from "./logRoutes";
import { memberRoutes } from "./memberRoutes";
import { mlflowRoutes } from "./mlflowRoutes";
import { projectRoutes } from "./projectRoutes";
import { queueRoutes } from "./queueRoutes";
import { summaryRoutes } from "./summaryRoutes";
import { webhookRoutes } from "./webhookRoutes";

/** Every file of routes, one line each. */
export const allRoutes: readonly ((services: Services) => FastifyPluginAsync)[] = [
	projectRoutes,
	memberRoutes,
	jobRoutes,
	commentRoutes,
	conversationRoutes,
	summaryRoutes,
	agentRoutes,
	mlflowRoutes,
	artifactRoutes,
	commitRoutes,
	eventRoutes,
	queueRoutes,
	logRoutes,
	webhookRoutes,
];
