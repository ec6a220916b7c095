/** What is written into the scene. A canvas knows no `inherit`. */
export const FONT = '"Trebuchet MS", "DejaVu Sans", Verdana, sans-serif';
