/** The icon's address; an export has it in its head. */
import { exported } from "@/api/exported";

export function iconUrl(): string {
  const icon = exported() && document.querySelector<HTMLLinkElement>("link[rel=icon]");
  return icon ? icon.href : "./icon.svg";
}
