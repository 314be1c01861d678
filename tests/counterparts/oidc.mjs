// A certified OpenID provider (npm oidc-provider) with invented accounts: node oidc.mjs PORT CERT KEY.
// Two issuers stand at one host, so that an answer of the other one can be tried.
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { Provider, interactionPolicy } from "oidc-provider";

const [port, cert, key] = process.argv.slice(2);
const HOST = "login.example.ac.uk";
const ADDRESSES = {
  dana: ["dana@students.example.ac.uk", true],
  eli: ["eli@students.example.ac.uk", true],
  guest: ["dana@students.example.ac.uk", false],
  stranger: ["stranger@elsewhere.example", true],
};

const policy = interactionPolicy.base();
policy.add(new interactionPolicy.Prompt({ name: "select_account", requestable: true }), 0);

const provider = (path) => new Provider(`https://${HOST}${path}`, {
  clients: [{
    client_id: "lantern",
    client_secret: "an invented secret of some length",
    redirect_uris: ["https://lantern.example.ac.uk/me/signed-in"],
    token_endpoint_auth_method: "client_secret_post",
  }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: [] },
  conformIdTokenClaims: false,
  cookies: { keys: ["an invented key"] },
  features: { devInteractions: { enabled: false } },
  pkce: { required: () => true },
  interactions: { policy, url: (_, { uid }) => `${path}/interaction/${uid}` },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: ADDRESSES[id][0], email_verified: ADDRESSES[id][1] }),
  }),
  // No one is asked what Lantern may know: the university has decided it.
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope("openid email profile");
    await grant.save();
    return grant;
  },
});

const PAGE = `<!doctype html><html lang="en"><title>Sign in</title><form method="post">
<label for="who">Account</label><input id="who" name="who"><button name="go" value="in">Go</button>
<button name="go" value="no">Cancel</button></form></html>`;

const body = async (request) => {
  let text = "";
  for await (const part of request) text += part;
  return new URLSearchParams(text);
};

const issuers = { "/oidc": provider("/oidc"), "/other": provider("/other") };
for (const each of Object.values(issuers)) each.proxy = true;

createServer({ cert: readFileSync(cert), key: readFileSync(key) }, async (request, response) => {
  const path = Object.keys(issuers).find((each) => request.url.startsWith(`${each}/`));
  if (!path) return response.writeHead(404).end();
  Object.assign(request.headers, { host: HOST, "x-forwarded-proto": "https", "x-forwarded-host": HOST });
  const issuer = issuers[path];
  if (request.url.startsWith(`${path}/interaction/`)) {
    if (request.method === "GET") {
      return response.writeHead(200, { "content-type": "text/html" }).end(PAGE);
    }
    const sent = await body(request);
    const result = sent.get("go") === "in"
      ? { select_account: {}, login: { accountId: sent.get("who") } }
      : { error: "access_denied" };
    return issuer.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }
  request.originalUrl = request.url;
  request.url = request.url.slice(path.length);
  return issuer.callback()(request, response);
}).listen(Number(port), "127.0.0.1", () => console.log("ready"));
