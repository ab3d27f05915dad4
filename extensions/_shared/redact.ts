/** placeholder until the rules are ported */
export function summary(text: string, _env: Record<string, string | undefined>): string {
	return text.replace(/\s+/g, " ").slice(0, 200);
}
