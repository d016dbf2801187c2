export const geographyAddress = '#/geography';
