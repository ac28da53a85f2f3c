/** Where the API is, if not at the page's own address; deployments of the first version set this name. */
export const API_ADDRESS: string = (import.meta.env.VITE_APP_BACKEND_ADDRESS ?? "").replace(/\/$/, "");

/** The address of something that the API names by a path of its own, such as a picture. */
export function apiUrl(path: string): string {
  return `${API_ADDRESS}/api${path}`;
}

/** The session's cookie must reach an API of another origin, too. */
export const CREDENTIALS: RequestCredentials = API_ADDRESS ? "include" : "same-origin";
