export const SITE_TITLE: string = 'On the mole';
export const SITE_DESCRIPTION = 'Walks in the wind';
