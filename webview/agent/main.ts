import { onThemeChange } from "../common/theme";
import { AgentPage } from "./agentPage";
import { AgentSession } from "./agentSession";
import { agentStyles } from "./styles";

document.adoptedStyleSheets.push(agentStyles());
const session = new AgentSession();
const page = new AgentPage();
page.session = session;
document.body.append(page);
onThemeChange(() => document.dispatchEvent(new Event("gamma-theme")));
session.host.ready();
