export const windowsAddress = '#/windows';
