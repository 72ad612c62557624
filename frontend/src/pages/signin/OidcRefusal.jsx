import { useSearchParams } from "wouter";
import { Notice } from "../../components/Notice.jsx";
import { words } from "../../words.js";

const text = words.signIn;

/** Why one came back from the single sign-on without being signed in; the server sends a word for it along. */
export function OidcRefusal() {
  const [params] = useSearchParams();
  const reason = params.get("oidc") ?? "";
  if (!Object.hasOwn(text.oidcRefused, reason)) return null;
  return (
    <Notice tone="error" title={text.refused}>
      {/** @type {Record<string, string>} */ (text.oidcRefused)[reason]}
    </Notice>
  );
}
