import { createTheme, type Theme } from '@mui/material/styles'
import { useMemo } from 'react'
import { useTokens } from './look'
import { type Density, FONT, type Mode, PALETTES, SIZES } from './tokens'

export function useTheme(density: Density): Theme {
  const mode = useTokens(density)
  return useMemo(() => themeOf(mode, density), [mode, density])
}

export function themeOf(mode: Mode, density: Density): Theme {
  const colour = PALETTES[mode]
  const size = SIZES[density]
  const filled = (tone: { fill: string; on: string }) => ({ main: tone.fill, contrastText: tone.on })
  return createTheme({
    palette: {
      mode: mode === 'night' ? 'dark' : 'light',
      primary: { main: colour.act, contrastText: colour.onAct },
      secondary: { main: colour.ink2, contrastText: colour.paper },
      error: filled(colour.levels[1]),
      warning: filled(colour.levels[2]),
      info: filled(colour.levels[3]),
      success: { main: colour.good, contrastText: colour.sheet },
      background: { default: colour.paper, paper: colour.sheet },
      text: { primary: colour.ink, secondary: colour.ink2 },
      divider: colour.line,
    },
    shape: { borderRadius: size.radius },
    typography: { fontFamily: FONT, button: { textTransform: 'none', fontSize: '1rem', fontWeight: 600 } },
    transitions: { create: () => 'none' },
    components: {
      MuiButtonBase: { defaultProps: { disableRipple: true } },
      MuiButton: {
        defaultProps: { disableElevation: true },
        styleOverrides: {
          root: { minHeight: size.control, paddingInline: 16, lineHeight: 1.3 },
          outlined: { borderColor: colour.edge, '&.MuiButton-colorError:not(.Mui-disabled)': { color: colour.levels[1].text } },
        },
      },
      MuiIconButton: { styleOverrides: { root: { width: size.control, height: size.control } } },
      MuiInputBase: { styleOverrides: { root: { minHeight: size.control, fontSize: '1rem' } } },
      MuiOutlinedInput: {
        styleOverrides: {
          notchedOutline: { borderColor: colour.edge },
          // The ring is drawn on the frame: around the text itself it would cut through the label.
          root: { '&.Mui-focused .MuiOutlinedInput-notchedOutline': { borderColor: colour.focus, borderWidth: 3 } },
          input: { outline: 'none !important' },
        },
      },
      MuiFormLabel: { styleOverrides: { root: { color: colour.ink2 } } },
      MuiFormHelperText: { styleOverrides: { root: { fontSize: '.875rem', color: colour.ink2 } } },
      MuiMenuItem: { styleOverrides: { root: { minHeight: `${size.control}px !important`, fontSize: '1rem' } } },
      MuiToggleButton: {
        styleOverrides: { root: { minHeight: size.control, borderColor: colour.edge, textTransform: 'none', fontSize: '1rem', color: colour.ink, paddingInline: 6 } },
      },
      MuiTab: { styleOverrides: { root: { minHeight: size.control, textTransform: 'none', fontSize: '1rem' } } },
      MuiRadio: { styleOverrides: { root: { flex: 'none', width: size.control, height: size.control } } },
      MuiDialog: { styleOverrides: { paper: { backgroundImage: 'none' } } },
      MuiDialogContent: { styleOverrides: { root: { paddingTop: '8px !important' } } },
      MuiDialogTitle: { styleOverrides: { root: { fontSize: '1.25rem', fontWeight: 700 } } },
      MuiDialogActions: { styleOverrides: { root: { padding: '12px 24px 20px', gap: size.gap } } },
    },
  })
}
